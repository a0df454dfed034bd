#pragma once

#include "stresskit/config/settings.hpp"

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>

namespace stresskit::mqtt::native {

struct FreeTls {
  void operator()(SSL* ssl) const;
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using Tls = std::unique_ptr<SSL, FreeTls>;
using TlsSession = std::unique_ptr<SSL_SESSION, FreeTls>;

/// What OpenSSL reads from and writes to: reads come from the socket, writes are only collected, so
/// that who called decides when they go out. One for all connections of a context, each call sets
/// the socket first.
struct TlsWire {
  int socket = -1;
  std::string produced;  ///< what is to be sent, in this order
  int error = 0;         ///< errno of the last read
};

/// What all TLS connections to the server have in common: TLS 1.2 or newer, the server's
/// certificate verified against the system's authorities or `MQTT_CA_FILE`, and against the host
/// (name or address); all of that unless `MQTT_TLS_INSECURE`.
///
/// Threads: one, with all its connections.
class TlsContext {
 public:
  /// Throws support::Error(usage) for a CA file that cannot be read.
  explicit TlsContext(const config::Mqtt& settings);

  /// A client about to shake hands, which must not outlive the context; null when memory ran out.
  /// With a session of an earlier connection it asks to resume that.
  [[nodiscard]] Tls client(SSL_SESSION* resume) const;

 private:
  std::unique_ptr<SSL_CTX, FreeTls> context_;
  std::unique_ptr<TlsWire> wire_ = std::make_unique<TlsWire>();
  std::string server_name_;  ///< for SNI; empty when the host is an address
};

/// The wire of a client's context.
[[nodiscard]] TlsWire& wire_of(const SSL* ssl);

/// The session to resume next time; null when the server gave none.
[[nodiscard]] TlsSession resumable_session(SSL* ssl);

/// Why OpenSSL's last call on this thread failed, as a code that `describe` puts into words: the
/// certificate's verdict if that was it. Empties OpenSSL's error queue.
[[nodiscard]] long tls_error(const SSL* ssl);

/// What to add to the words for such a code; often nothing.
[[nodiscard]] std::string tls_hint(std::int64_t code, const std::string& host);

}  // namespace stresskit::mqtt::native
