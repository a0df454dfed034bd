#include "mqtt/engine/paho_client.hpp"

#include "mqtt/engine/paho_tls.hpp"

#include "stresskit/mqtt/classifier.hpp"

#include <fmt/format.h>
#include <openssl/x509.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace stresskit::mqtt {
namespace {

using fleet::Failure;
using fleet::Stage;
using What = PahoRecord::What;
using std::chrono::seconds;

// Paho's own window must never be the narrower one: how many messages may be open is the
// caller's decision. Packet identifiers end at 65,535.
constexpr int paho_inflight = 65'000;

// Paho looks at its connect time-outs every 3 s; ours is exact and must come first.
constexpr seconds paho_timeout_slack{6};

seconds whole_seconds(config::Duration duration) {
  return std::chrono::ceil<seconds>(duration);
}

::mqtt::create_options create_options(const config::Mqtt& settings) {
  // Messages that wait inside the library because the socket is full; then it refuses more.
  const int waiting = static_cast<int>(std::max(settings.max_inflight, 1U));
  return {MQTTVERSION_3_1_1, waiting};
}

::mqtt::ssl_options ssl_options(const config::Mqtt& settings) {
  ::mqtt::ssl_options options;
  // Without a trust store Paho takes OpenSSL's default paths: the system's authorities.
  if (!settings.ca_file.empty()) {
    options.set_trust_store(settings.ca_file);
  }
  options.set_enable_server_cert_auth(!settings.tls_insecure);
  options.set_verify(!settings.tls_insecure);  // that the certificate is for this host
  return options;
}

// A token shows the words of its failure in no other way than by throwing them.
std::string words_of(const ::mqtt::token& token) {
  try {
    const_cast<::mqtt::token&>(token).try_wait();
  } catch (const ::mqtt::exception& error) {
    return error.get_message();
  }
  return {};
}

void* as_context(MessageId id) {
  return reinterpret_cast<void*>(static_cast<std::uintptr_t>(id));
}

MessageId as_id(void* context) {
  return static_cast<MessageId>(reinterpret_cast<std::uintptr_t>(context));
}

}  // namespace

::mqtt::connect_options paho_connect_options(const config::Mqtt& settings,
                                             const std::string& token) {
  ::mqtt::connect_options options;
  // Left to itself Paho tries 3.1.1 and, when refused, 3.1: two connections for one attempt.
  options.set_mqtt_version(MQTTVERSION_3_1_1);
  options.set_clean_session(true);
  options.set_automatic_reconnect(false);
  options.set_keep_alive_interval(whole_seconds(settings.keep_alive));
  options.set_connect_timeout(whole_seconds(settings.connect_timeout) + paho_timeout_slack);
  options.set_max_inflight(paho_inflight);
  options.set_user_name(token);
  if (settings.tls) {
    options.set_ssl(ssl_options(settings));
  }
  return options;
}

std::string paho_uri(const config::Mqtt& settings) {
  const bool ipv6 = settings.host.find(':') != std::string::npos && settings.host.front() != '[';
  return fmt::format("{}://{}:{}", settings.tls ? "ssl" : "tcp",
                     ipv6 ? fmt::format("[{}]", settings.host) : settings.host, settings.port);
}

PahoClient::PahoClient(const config::Mqtt& settings, const std::string& client_id, Name name,
                       PahoMailbox& mailbox, const support::Clock& clock)
    : settings_(settings),
      name_(name),
      mailbox_(mailbox),
      clock_(clock),
      client_(paho_uri(settings), client_id, create_options(settings)) {
  if (settings.tls) {
    watch_tls_endings();
  }
  client_.set_connection_lost_handler([this](const std::string& cause) { on_lost(cause); });
  // Without a handler Paho would keep what the server sends us, for ever.
  client_.set_message_callback([](const ::mqtt::const_message_ptr&) {});
}

void PahoClient::connect(const fleet::Device& device) {
  try {
    client_.connect(paho_connect_options(settings_, device.token), nullptr, *this);
  } catch (const ::mqtt::exception& error) {
    tell(What::refused, 0, connect_failure(error.get_return_code(), {}));
  }
}

support::Result<void, Failure> PahoClient::publish(const ::mqtt::string_ref& topic,
                                                   const std::string& payload, MessageId id) {
  try {
    client_.publish(topic, payload.data(), payload.size(), settings_.qos, false, as_context(id),
                    *this);
  } catch (const ::mqtt::exception& error) {
    const int code = error.get_return_code();
    return support::failure(Failure{Stage::publish, classify(Stage::publish, Source::paho, code),
                                    describe(Source::paho, code)});
  }
  return {};
}

bool PahoClient::disconnect() {
  try {
    // 0: what is still unacknowledged is not waited for; the caller has done that.
    client_.disconnect(0, nullptr, *this);
    return true;
  } catch (const ::mqtt::exception&) {
    return false;  // not connected, or not any more
  }
}

void PahoClient::on_success(const ::mqtt::token& token) {
  switch (token.get_type()) {
    case ::mqtt::token::Type::CONNECT:
      tell(What::connected, 0);
      break;
    case ::mqtt::token::Type::DISCONNECT:
      tell(What::disconnected, 0);
      break;
    case ::mqtt::token::Type::PUBLISH:
      if (settings_.qos > 0) {  // at QoS 0 it means "written", which is no acknowledgement
        tell(What::acknowledged, as_id(token.get_user_context()));
      }
      break;
    default:
      break;
  }
}

void PahoClient::on_failure(const ::mqtt::token& token) {
  switch (token.get_type()) {
    case ::mqtt::token::Type::CONNECT:
      tell(What::refused, 0, connect_failure(token.get_return_code(), words_of(token)));
      break;
    case ::mqtt::token::Type::DISCONNECT:
      tell(What::disconnected, 0);
      break;
    default:
      break;  // a message fails when its connection does, and that is told once: lost
  }
}

void PahoClient::on_lost(const std::string& cause) {
  // Version 1.3 never gives a cause: our own words then, not a guess.
  tell(What::lost, 0,
       {Stage::disconnect, classify(Stage::disconnect, Source::closed_by_server, 0),
        cause.empty() ? "connection lost (Paho gives no reason)" : cause});
}

Failure PahoClient::connect_failure(int code, const std::string& words) const {
  const auto made = [](Source source, std::int64_t number, std::string detail) {
    return Failure{Stage::connect, classify(Stage::connect, source, number), std::move(detail),
                   number};
  };
  if (code > 0) {  // Paho hands on the return code of CONNACK
    return made(Source::connack_v3, code, describe(Source::connack_v3, code));
  }
  const std::optional<TlsEnding> tls = take_tls_ending();
  if (tls && !tls->handshake_done) {
    return made(Source::tls, tls->verify_error,
                tls->verify_error != 0 ? describe(Source::tls, tls->verify_error)
                                       : "TLS: handshake failed (does the port speak TLS?)");
  }
  // Paho looks at the name after the handshake, and is silent about it.
  if (tls && words == "TCP/TLS connect failure") {
    return made(Source::tls, X509_V_ERR_HOSTNAME_MISMATCH,
                fmt::format("{}: the certificate is not for {}",
                            describe(Source::tls, X509_V_ERR_HOSTNAME_MISMATCH), settings_.host));
  }
  return made(
      Source::paho, code,
      words.empty() ? describe(Source::paho, code) : fmt::format("Paho {}: {}", code, words));
}

void PahoClient::tell(What what, MessageId id, Failure failure) {
  (void)take_tls_ending();  // told or not, the next record is about another connection
  mailbox_.push({what, name_.slot, name_.attempt, id, clock_.now(), std::move(failure)});
}

}  // namespace stresskit::mqtt
