"""Forms: workbooks made from a rubric for people to fill in, and read back by `apply`."""
