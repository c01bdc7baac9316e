# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS links that come and go leave nothing behind, resumed or not."""

import datetime

import pytest
from support.heap import UNKNOWN, heap_in_use
from support.tls import VERSIONS, is_open
from support.waiting import wait_until

pytestmark = pytest.mark.skipif(heap_in_use is None, reason=UNKNOWN)

WARM_UP, LINKS = 100, 200
MOST = 80  # octets a link. A session that stays in a table has 350 and more; a handshake has tens of thousands


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("resumed", [True, False])
def test_links_leave_nothing_behind(resumed, version, security, serve, connect):
    of_server, of_client = security("server"), security("client", version=version)
    for each in (of_server, of_client):
        each.set_resumption_interval(datetime.timedelta(hours=1) if resumed else None)
    server = serve(of_server)
    connection, _ = connect(of_client, server.port)

    def links(count):
        for _ in range(count):
            wait_until(lambda: is_open(connection), interval=0.001)
            connection.disconnect()
            wait_until(lambda: server.open_connection_count == 0, interval=0.001)
            connection.connect()
        # Else a handshake that is under way is measured too.
        wait_until(lambda: is_open(connection) and server.open_connection_count == 1)

    links(WARM_UP)
    before = heap_in_use()
    links(LINKS)
    assert heap_in_use() - before < LINKS * MOST
