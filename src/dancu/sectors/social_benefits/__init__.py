"""People who receive social assistance, merit allowances or social pensions."""
