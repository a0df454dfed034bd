#include "mqtt/engine/authorities.hpp"

#include "stresskit/support/error.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace stresskit::mqtt {

void load_authorities(SSL_CTX* context, const std::string& ca_file) {
  if (ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(context);
  } else if (SSL_CTX_load_verify_file(context, ca_file.c_str()) != 1) {
    ERR_clear_error();
    throw support::Error(
        support::ExitCode::usage,
        fmt::format("MQTT_CA_FILE {}: no certificates in PEM format can be read from it", ca_file));
  }
}

}  // namespace stresskit::mqtt
