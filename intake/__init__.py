"""What people hand in: batch files, workbooks and forms, read into commands."""
