"""Documents: pure functions from a point of a case to paper.

What a document says is one file each (`score_table.py`, `register.py`, ...) and gives a `Document`;
how paper is made is one file a format (`xlsx.py`, `docx.py`, `pdf.py`, `html.py`) and gives bytes.
"""
