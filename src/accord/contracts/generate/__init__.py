"""What is made of contracts for others to use: Python and Java classes, an AsyncAPI document, a consumer's tests.

made = python(project, "msgspec")
Target(folder, COMMAND, LOOKED_AT).write(made.files)        # or .check(made.files)
"""

from accord.contracts.generate.files import Made, MadeFile, Outcome, Target

__all__ = ["Made", "MadeFile", "Outcome", "Target"]
