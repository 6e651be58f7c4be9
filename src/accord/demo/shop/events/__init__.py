"""The events that the services exchange, one module a version.

A service is built against one version; here a setting chooses, so that the demo can roll from one to the next.
"""

import accord
from accord.demo.shop.events import v1, v2

VERSIONS: dict[int, accord.Contract] = {1: v1.ORDERS, 2: v2.ORDERS}
