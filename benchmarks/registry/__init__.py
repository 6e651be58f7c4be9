"""The registry under load: the server on one core, the load on another, every figure beside what it is judged by."""
