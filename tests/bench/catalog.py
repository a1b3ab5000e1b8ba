"""Every row, in the order of the table."""

from tests.bench.measure import Row
from tests.bench.rows import audit, cold, domain, fleet, growth, handlers, http, sdk, secrets, watching

ROWS: tuple[Row, ...] = (
    *cold.rows(),
    *handlers.rows(),
    *domain.rows(),
    *audit.rows(),
    *secrets.rows(),
    *sdk.rows(),
    *http.rows(),
    *fleet.rows(),
    *watching.rows(),
    *growth.rows(),
)
PRICES_ROW = "prices"
