"""What the pages of several procedures share: workbooks that leave, and workbooks that come in.

The frames know Flask and the rules of `processes.registers`, and no procedure.
"""
