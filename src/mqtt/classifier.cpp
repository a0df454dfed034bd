#include "stresskit/mqtt/classifier.hpp"

#include <MQTTAsync.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <array>
#include <cerrno>
#include <netdb.h>
#include <optional>
#include <string_view>
#include <system_error>

namespace stresskit::mqtt {
namespace {

using fleet::Bucket;
using fleet::Stage;

// A reason code of MQTT 5 means the same in every packet, so three sources share its rows.
enum class Family { mqtt3, mqtt5, system, resolver, tls, timed_out, closed, bad_packet, own, paho };

constexpr Family family_of(Source source) {
  switch (source) {
    case Source::connack_v3:
      return Family::mqtt3;
    case Source::connack_v5:
    case Source::puback_v5:
    case Source::disconnect_v5:
      return Family::mqtt5;
    case Source::system:
      return Family::system;
    case Source::resolver:
      return Family::resolver;
    case Source::tls:
      return Family::tls;
    case Source::timed_out:
      return Family::timed_out;
    case Source::closed_by_server:
      return Family::closed;
    case Source::bad_packet:
      return Family::bad_packet;
    case Source::generator:
      return Family::own;
    case Source::paho:
      return Family::paho;
  }
  return Family::system;
}

// Not in the installed headers; see Heap.h of the library.
constexpr int paho_memory_error = -99;

struct Row {
  Family family;
  std::optional<std::int64_t> code;  // none: every code that no row above names
  Bucket bucket;
  std::string_view words;           // empty: the library's or the system's own
  std::optional<Stage> stage = {};  // none: at every stage
};

// The first row that fits decides. Codes: MQTT 3.1.1 table 3.1, MQTT 5 section 2.4, errno(3),
// MQTTAsync.h. What ThingsBoard means by a code stands beside it.
constexpr auto rows = std::to_array<Row>({
    {Family::mqtt3, 1, Bucket::protocol, "unacceptable protocol version"},
    {Family::mqtt3, 2, Bucket::client_id, "client id rejected"},  // or: no user name came with it
    {Family::mqtt3, 3, Bucket::broker, "server unavailable"},     // overload, rate limit, quota
    {Family::mqtt3, 4, Bucket::auth, "bad user name or password"},
    {Family::mqtt3, 5, Bucket::auth, "not authorized"},  // unknown access token
    {Family::mqtt3, {}, Bucket::protocol, "a code that MQTT 3.1.1 does not know"},

    {Family::mqtt5, 0x00, Bucket::broker, "normal disconnection"},
    {Family::mqtt5, 0x80, Bucket::broker, "unspecified error"},
    {Family::mqtt5, 0x81, Bucket::protocol, "malformed packet"},  // also: larger than 65,536 bytes
    {Family::mqtt5, 0x82, Bucket::protocol, "protocol error"},
    {Family::mqtt5, 0x83, Bucket::broker, "implementation specific error"},  // rate limit, queue
    {Family::mqtt5, 0x84, Bucket::protocol, "unsupported protocol version"},
    {Family::mqtt5, 0x85, Bucket::client_id, "client id not valid"},
    {Family::mqtt5, 0x86, Bucket::auth, "bad user name or password"},  // unknown access token
    {Family::mqtt5, 0x87, Bucket::auth, "not authorized"},
    {Family::mqtt5, 0x88, Bucket::broker, "server unavailable"},
    {Family::mqtt5, 0x89, Bucket::broker, "server busy"},
    {Family::mqtt5, 0x8A, Bucket::auth, "banned"},
    {Family::mqtt5, 0x8B, Bucket::broker, "server shutting down"},
    {Family::mqtt5, 0x8C, Bucket::auth, "bad authentication method"},
    {Family::mqtt5, 0x8D, Bucket::network_timeout, "keep alive timeout"},
    // Somebody else connected as this device: the identity is taken, the server is well.
    {Family::mqtt5, 0x8E, Bucket::client_id, "session taken over"},
    {Family::mqtt5, 0x8F, Bucket::client_request, "topic filter invalid"},
    {Family::mqtt5, 0x90, Bucket::client_request, "topic name invalid"},
    {Family::mqtt5, 0x91, Bucket::protocol, "packet identifier in use"},
    {Family::mqtt5, 0x92, Bucket::protocol, "packet identifier not found"},
    {Family::mqtt5, 0x93, Bucket::protocol, "receive maximum exceeded"},
    {Family::mqtt5, 0x94, Bucket::protocol, "topic alias invalid"},
    {Family::mqtt5, 0x95, Bucket::payload, "packet too large"},
    {Family::mqtt5, 0x96, Bucket::broker, "message rate too high"},
    {Family::mqtt5, 0x97, Bucket::broker, "quota exceeded"},
    {Family::mqtt5, 0x98, Bucket::broker, "administrative action"},  // deleted, new credentials
    {Family::mqtt5, 0x99, Bucket::payload, "payload format invalid"},
    {Family::mqtt5, 0x9A, Bucket::client_request, "retain not supported"},
    {Family::mqtt5, 0x9B, Bucket::client_request, "QoS not supported"},
    {Family::mqtt5, 0x9C, Bucket::broker, "use another server"},
    {Family::mqtt5, 0x9D, Bucket::broker, "server moved"},
    {Family::mqtt5, 0x9E, Bucket::client_request, "shared subscriptions not supported"},
    {Family::mqtt5, 0x9F, Bucket::broker, "connection rate exceeded"},
    {Family::mqtt5, 0xA0, Bucket::broker, "maximum connect time"},  // 600 s without a message
    {Family::mqtt5, 0xA1, Bucket::client_request, "subscription identifiers not supported"},
    {Family::mqtt5, 0xA2, Bucket::client_request, "wildcard subscriptions not supported"},
    {Family::mqtt5, {}, Bucket::protocol, "a code that MQTT 5 does not know"},

    {Family::system, ECONNREFUSED, Bucket::network, ""},
    {Family::system, ECONNRESET, Bucket::network, ""},
    {Family::system, ECONNABORTED, Bucket::network, ""},
    {Family::system, EPIPE, Bucket::network, ""},
    {Family::system, ENOTCONN, Bucket::network, ""},
    {Family::system, ENETDOWN, Bucket::network, ""},
    {Family::system, ENETUNREACH, Bucket::network, ""},
    {Family::system, ENETRESET, Bucket::network, ""},
    {Family::system, EHOSTDOWN, Bucket::network, ""},
    {Family::system, EHOSTUNREACH, Bucket::network, ""},
    {Family::system, ETIMEDOUT, Bucket::network_timeout, ""},
    {Family::system, ENOMEM, Bucket::client_memory, ""},
    {Family::system, ENOBUFS, Bucket::client_memory, ""},
    {Family::system, EAGAIN, Bucket::client_backpressure, ""},
    {Family::system, EMFILE, Bucket::client, ""},         // our open files are used up
    {Family::system, ENFILE, Bucket::client, ""},         // the machine's are
    {Family::system, EADDRNOTAVAIL, Bucket::client, ""},  // our local ports are
    {Family::system, EADDRINUSE, Bucket::client, ""},
    {Family::system, EACCES, Bucket::client, ""},
    {Family::system, EPERM, Bucket::client, ""},  // a local firewall rule
    {Family::system, EBADF, Bucket::internal_error, ""},
    {Family::system, EINVAL, Bucket::internal_error, ""},
    {Family::system, {}, Bucket::unknown, ""},

    {Family::resolver, EAI_MEMORY, Bucket::client_memory, ""},
    {Family::resolver, {}, Bucket::network, ""},

    {Family::tls, {}, Bucket::tls, ""},
    {Family::timed_out, {}, Bucket::network_timeout, "no answer in time"},
    {Family::closed, {}, Bucket::network, "the server closed the connection"},
    {Family::bad_packet, {}, Bucket::protocol, "the server sent bytes that are not MQTT"},

    {Family::own,
     {},
     Bucket::client,
     "PINGREQ had to wait for the encrypted message of a missed burst"},

    // Paho says -1 for everything that goes wrong below MQTT while it connects.
    {Family::paho, MQTTASYNC_FAILURE, Bucket::network, "", Stage::connect},
    {Family::paho, MQTTASYNC_FAILURE, Bucket::client, ""},
    {Family::paho, MQTTASYNC_DISCONNECTED, Bucket::network, ""},
    {Family::paho, MQTTASYNC_OPERATION_INCOMPLETE, Bucket::network, ""},
    {Family::paho, MQTTASYNC_MAX_MESSAGES_INFLIGHT, Bucket::client_backpressure, ""},
    {Family::paho, MQTTASYNC_NO_MORE_MSGIDS, Bucket::client_backpressure, ""},
    {Family::paho, MQTTASYNC_MAX_BUFFERED_MESSAGES, Bucket::client_backpressure, ""},
    {Family::paho, MQTTASYNC_MAX_BUFFERED, Bucket::client_backpressure, ""},
    {Family::paho, MQTTASYNC_BAD_UTF8_STRING, Bucket::client_request, ""},
    {Family::paho, MQTTASYNC_TOPICNAME_TRUNCATED, Bucket::client_request, ""},
    {Family::paho, MQTTASYNC_BAD_QOS, Bucket::client_request, ""},
    {Family::paho, MQTTASYNC_BAD_PROTOCOL, Bucket::client_request, ""},
    {Family::paho, MQTTASYNC_BAD_MQTT_OPTION, Bucket::client_request, ""},
    {Family::paho, MQTTASYNC_WRONG_MQTT_VERSION, Bucket::client_request, ""},
    {Family::paho, MQTTASYNC_SSL_NOT_SUPPORTED, Bucket::tls, ""},
    {Family::paho, MQTTASYNC_NULL_PARAMETER, Bucket::internal_error, ""},
    {Family::paho, MQTTASYNC_BAD_STRUCTURE, Bucket::internal_error, ""},
    {Family::paho, paho_memory_error, Bucket::client_memory, ""},
    {Family::paho, {}, Bucket::client, ""},
});

const Row& row_for(Stage stage, Source source, std::int64_t code) {
  for (const Row& row : rows) {
    if (row.family == family_of(source) && row.code.value_or(code) == code &&
        row.stage.value_or(stage) == stage) {
      return row;
    }
  }
  return rows.back();  // never: every family ends with a row for any code
}

std::string tls_words(std::int64_t code) {
  // Two number spaces: OpenSSL packs a library number above bit 23, a certificate error is small.
  if (code > 0 && code < 1'000) {
    return fmt::format("TLS: {}", X509_verify_cert_error_string(static_cast<long>(code)));
  }
  const char* reason = ERR_reason_error_string(static_cast<unsigned long>(code));
  return fmt::format("TLS: {}", reason != nullptr ? reason : "handshake failed");
}

std::string_view paho_words(std::int64_t code) {
  const char* words = MQTTAsync_strerror(static_cast<int>(code));
  return words != nullptr ? words : "unknown error";
}

std::string errno_words(std::int64_t code) {
  return fmt::format("{} (errno {})", std::generic_category().message(static_cast<int>(code)),
                     code);
}

}  // namespace

Bucket classify(Stage stage, Source source, std::int64_t code) {
  return row_for(stage, source, code).bucket;
}

std::string describe(Source source, std::int64_t code) {
  const std::string_view words = row_for(Stage::startup, source, code).words;
  switch (source) {
    case Source::connack_v3:
      return fmt::format("CONNACK {}: {}", code, words);
    case Source::connack_v5:
      return fmt::format("CONNACK 0x{:02X}: {}", code, words);
    case Source::puback_v5:
      return fmt::format("PUBACK 0x{:02X}: {}", code, words);
    case Source::disconnect_v5:
      return fmt::format("DISCONNECT 0x{:02X}: {}", code, words);
    case Source::system:
      return errno_words(code);
    case Source::resolver:
      return gai_strerror(static_cast<int>(code));
    case Source::tls:
      return tls_words(code);
    case Source::closed_by_server:
      return code == 0 ? std::string(words) : fmt::format("{}: {}", words, errno_words(code));
    case Source::paho:
      return fmt::format("Paho {}: {}", code, paho_words(code));
    case Source::timed_out:
    case Source::bad_packet:
    case Source::generator:
      break;
  }
  return std::string(words);
}

}  // namespace stresskit::mqtt
