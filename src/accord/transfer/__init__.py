"""Moving a registry: its records, from wherever they are to wherever they shall be, and looking whether they are sound.

A registry is a row of records. A source gives them, a target takes them as they are, and the doctor is a fold over them.
"""
