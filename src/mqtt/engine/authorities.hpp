#pragma once

#include <openssl/types.h>

#include <string>

namespace stresskit::mqtt {

/// Lets `context` trust what `ca_file` (MQTT_CA_FILE, PEM) holds, or the system's authorities when
/// it is empty. Throws support::Error(usage) for a file without a certificate that can be read.
void load_authorities(SSL_CTX* context, const std::string& ca_file);

}  // namespace stresskit::mqtt
