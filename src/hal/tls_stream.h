// SPDX-License-Identifier: GPL-3.0-or-later
// TLS as a layer over another stream. Used by the I/O thread only; nothing in it blocks: a handshake goes on whenever
// the socket has something, so that any number of them run side by side. Deadlines are the caller's.
#pragma once

#include "hal/stream.h"
#include "hal/tls_config.h"

namespace c104::hal {

// The configuration must have been frozen for this side; what it is now counts for this stream to its end. `host` is the name
// or address that the caller dialled; it matters to clients only (host name verification, and which session to resume).
std::unique_ptr<Stream> tls(std::unique_ptr<Stream> plain, const std::shared_ptr<TlsConfig>& config, TlsSide side,
                            const std::string& host = {});

}  // namespace c104::hal
