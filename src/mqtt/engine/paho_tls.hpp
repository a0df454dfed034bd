#pragma once

#include <optional>

namespace stresskit::mqtt {

// Paho says "TCP/TLS connect failure" for everything that goes wrong below MQTT, and its C++
// wrapper calls the handler for TLS errors with the address of a copy that is gone by then. But
// Paho frees the TLS connection right before it calls back, on the same thread, and OpenSSL lets
// us look at what is being freed.

/// How a TLS connection had gone when it was freed.
struct TlsEnding {
  bool handshake_done = false;
  long verify_error = 0;  ///< X509_V_ERR_..., 0 when the certificate is good or was not looked at
};

/// Begins to look. Once is enough; more often does no harm.
void watch_tls_endings();

/// The last TLS connection that was freed on this thread since the last call, if any.
[[nodiscard]] std::optional<TlsEnding> take_tls_ending();

}  // namespace stresskit::mqtt
