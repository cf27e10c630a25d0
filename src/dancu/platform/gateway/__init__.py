"""Questions «is this the person?» to whoever may answer them: our register, or the national service over a line.

The border it keeps: whoever asks knows neither which of the two answers nor whether the line stands. A question ends
as verified, not verified yet, refused or unavailable, and each of these is told as what it is.
"""
