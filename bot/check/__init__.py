"""`pairec-access check`: whether all that the program needs is there and does what it is asked, before anybody relies
on it. Nothing here changes anything but what says so.
"""
