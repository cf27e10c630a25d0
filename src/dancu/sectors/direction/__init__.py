"""Direction of the programme: directives, plans, tasks, budgets, staff posts and equipment of each unit."""
