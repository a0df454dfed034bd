#include "mqtt/engine/paho_tls.hpp"

#include <openssl/crypto.h>
#include <openssl/ssl.h>

#include <utility>

namespace stresskit::mqtt {
namespace {

// OpenSSL's callback knows its thread and nothing of ours, so this is where the two meet.
thread_local std::optional<TlsEnding> last_ending;

void on_free(void* parent, void* /*ours*/, CRYPTO_EX_DATA* /*all*/, int /*index*/, long /*argl*/,
             void* /*argp*/) {
  auto* connection = static_cast<SSL*>(parent);
  last_ending = TlsEnding{SSL_is_init_finished(connection) == 1, SSL_get_verify_result(connection)};
}

}  // namespace

void watch_tls_endings() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, on_free);
  (void)index;
}

std::optional<TlsEnding> take_tls_ending() {
  return std::exchange(last_ending, std::nullopt);
}

}  // namespace stresskit::mqtt
