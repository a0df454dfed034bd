#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace bench {

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using Ssl = std::unique_ptr<SSL, FreeSsl>;
using SslContext = std::unique_ptr<SSL_CTX, FreeSsl>;

/// A TLS server with a certificate for 127.0.0.1, made here and now, which is also written to
/// `certificate_file` so that clients can trust it. Throws std::runtime_error.
[[nodiscard]] SslContext make_server_tls(const std::string& certificate_file);

}  // namespace bench
