#include "stresskit/mqtt/classifier.hpp"

#include <MQTTAsync.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509.h>

#include <cerrno>
#include <netdb.h>
#include <ostream>
#include <string>
#include <vector>

namespace stresskit::mqtt {
namespace {

using enum Source;
using fleet::Bucket;
using fleet::Stage;

struct Case {
  Source source;
  std::int64_t code;
  Bucket bucket;
  Stage stage = Stage::connect;
};

// The expectations are written out by hand from the specifications, not taken from the table.
const std::vector<Case> cases = {
    {connack_v3, 1, Bucket::protocol},
    {connack_v3, 2, Bucket::client_id},
    {connack_v3, 3, Bucket::broker},
    {connack_v3, 4, Bucket::auth},
    {connack_v3, 5, Bucket::auth},
    {connack_v3, 6, Bucket::protocol},
    {connack_v3, 255, Bucket::protocol},

    {connack_v5, 0x80, Bucket::broker},
    {connack_v5, 0x81, Bucket::protocol},
    {connack_v5, 0x82, Bucket::protocol},
    {connack_v5, 0x83, Bucket::broker},
    {connack_v5, 0x84, Bucket::protocol},
    {connack_v5, 0x85, Bucket::client_id},
    {connack_v5, 0x86, Bucket::auth},
    {connack_v5, 0x87, Bucket::auth},
    {connack_v5, 0x88, Bucket::broker},
    {connack_v5, 0x89, Bucket::broker},
    {connack_v5, 0x8A, Bucket::auth},
    {connack_v5, 0x8C, Bucket::auth},
    {connack_v5, 0x90, Bucket::client_request},
    {connack_v5, 0x95, Bucket::payload},
    {connack_v5, 0x97, Bucket::broker},
    {connack_v5, 0x99, Bucket::payload},
    {connack_v5, 0x9A, Bucket::client_request},
    {connack_v5, 0x9B, Bucket::client_request},
    {connack_v5, 0x9C, Bucket::broker},
    {connack_v5, 0x9D, Bucket::broker},
    {connack_v5, 0x9F, Bucket::broker},
    {connack_v5, 0xFF, Bucket::protocol},

    {generator, 0, Bucket::client, Stage::disconnect},

    {puback_v5, 0x80, Bucket::broker, Stage::publish},
    {puback_v5, 0x83, Bucket::broker, Stage::publish},
    {puback_v5, 0x87, Bucket::auth, Stage::publish},
    {puback_v5, 0x90, Bucket::client_request, Stage::publish},
    {puback_v5, 0x91, Bucket::protocol, Stage::publish},
    {puback_v5, 0x92, Bucket::protocol, Stage::publish},
    {puback_v5, 0x97, Bucket::broker, Stage::publish},
    {puback_v5, 0x99, Bucket::payload, Stage::publish},

    {disconnect_v5, 0x00, Bucket::broker, Stage::publish},
    {disconnect_v5, 0x81, Bucket::protocol, Stage::publish},
    {disconnect_v5, 0x82, Bucket::protocol, Stage::publish},
    {disconnect_v5, 0x83, Bucket::broker, Stage::publish},
    {disconnect_v5, 0x85, Bucket::client_id, Stage::connect},
    {disconnect_v5, 0x86, Bucket::auth, Stage::connect},
    {disconnect_v5, 0x87, Bucket::auth, Stage::publish},
    {disconnect_v5, 0x89, Bucket::broker, Stage::publish},
    {disconnect_v5, 0x8B, Bucket::broker, Stage::publish},
    {disconnect_v5, 0x8D, Bucket::network_timeout, Stage::publish},
    {disconnect_v5, 0x8E, Bucket::client_id, Stage::publish},
    {disconnect_v5, 0x8F, Bucket::client_request, Stage::publish},
    {disconnect_v5, 0x93, Bucket::protocol, Stage::publish},
    {disconnect_v5, 0x94, Bucket::protocol, Stage::publish},
    {disconnect_v5, 0x95, Bucket::payload, Stage::publish},
    {disconnect_v5, 0x96, Bucket::broker, Stage::publish},
    {disconnect_v5, 0x97, Bucket::broker, Stage::publish},
    {disconnect_v5, 0x98, Bucket::broker, Stage::publish},
    {disconnect_v5, 0x99, Bucket::payload, Stage::publish},
    {disconnect_v5, 0x9E, Bucket::client_request, Stage::publish},
    {disconnect_v5, 0xA0, Bucket::broker, Stage::publish},
    {disconnect_v5, 0xA1, Bucket::client_request, Stage::publish},
    {disconnect_v5, 0xA2, Bucket::client_request, Stage::publish},

    {system, ECONNREFUSED, Bucket::network},
    {system, ECONNRESET, Bucket::network, Stage::publish},
    {system, ECONNABORTED, Bucket::network},
    {system, EPIPE, Bucket::network, Stage::publish},
    {system, ENOTCONN, Bucket::network},
    {system, ENETDOWN, Bucket::network},
    {system, ENETUNREACH, Bucket::network},
    {system, ENETRESET, Bucket::network},
    {system, EHOSTDOWN, Bucket::network},
    {system, EHOSTUNREACH, Bucket::network},
    {system, ETIMEDOUT, Bucket::network_timeout},
    {system, ENOMEM, Bucket::client_memory},
    {system, ENOBUFS, Bucket::client_memory},
    {system, EAGAIN, Bucket::client_backpressure, Stage::publish},
    {system, EMFILE, Bucket::client, Stage::startup},
    {system, ENFILE, Bucket::client, Stage::startup},
    {system, EADDRNOTAVAIL, Bucket::client},
    {system, EADDRINUSE, Bucket::client},
    {system, EACCES, Bucket::client},
    {system, EPERM, Bucket::client},
    {system, EBADF, Bucket::internal_error},
    {system, EINVAL, Bucket::internal_error},
    {system, EXDEV, Bucket::unknown},

    {resolver, EAI_NONAME, Bucket::network, Stage::startup},
    {resolver, EAI_AGAIN, Bucket::network, Stage::startup},
    {resolver, EAI_MEMORY, Bucket::client_memory, Stage::startup},

    {tls, 0, Bucket::tls},
    {tls, X509_V_ERR_CERT_HAS_EXPIRED, Bucket::tls},
    {timed_out, 0, Bucket::network_timeout},
    {closed_by_server, 0, Bucket::network},
    {closed_by_server, ECONNRESET, Bucket::network, Stage::disconnect},
    {bad_packet, 0, Bucket::protocol},

    {paho, MQTTASYNC_FAILURE, Bucket::network, Stage::connect},
    {paho, MQTTASYNC_FAILURE, Bucket::client, Stage::publish},
    {paho, MQTTASYNC_DISCONNECTED, Bucket::network, Stage::publish},
    {paho, MQTTASYNC_OPERATION_INCOMPLETE, Bucket::network, Stage::publish},
    {paho, MQTTASYNC_MAX_MESSAGES_INFLIGHT, Bucket::client_backpressure, Stage::publish},
    {paho, MQTTASYNC_NO_MORE_MSGIDS, Bucket::client_backpressure, Stage::publish},
    {paho, MQTTASYNC_MAX_BUFFERED_MESSAGES, Bucket::client_backpressure, Stage::publish},
    {paho, MQTTASYNC_MAX_BUFFERED, Bucket::client_backpressure, Stage::publish},
    {paho, MQTTASYNC_BAD_UTF8_STRING, Bucket::client_request},
    {paho, MQTTASYNC_TOPICNAME_TRUNCATED, Bucket::client_request, Stage::publish},
    {paho, MQTTASYNC_BAD_QOS, Bucket::client_request, Stage::publish},
    {paho, MQTTASYNC_BAD_PROTOCOL, Bucket::client_request},
    {paho, MQTTASYNC_BAD_MQTT_OPTION, Bucket::client_request},
    {paho, MQTTASYNC_WRONG_MQTT_VERSION, Bucket::client_request},
    {paho, MQTTASYNC_SSL_NOT_SUPPORTED, Bucket::tls},
    {paho, MQTTASYNC_NULL_PARAMETER, Bucket::internal_error},
    {paho, MQTTASYNC_BAD_STRUCTURE, Bucket::internal_error},
    {paho, -99, Bucket::client_memory},  // the library's PAHO_MEMORY_ERROR
    {paho, MQTTASYNC_PERSISTENCE_ERROR, Bucket::client, Stage::publish},
};

TEST(Classifier, PutsEveryCauseIntoItsBucket) {
  for (const Case& each : cases) {
    EXPECT_EQ(to_string(classify(each.stage, each.source, each.code)), to_string(each.bucket))
        << describe(each.source, each.code);
  }
}

TEST(Classifier, DescribesCodesInPeoplesWords) {
  EXPECT_EQ(describe(connack_v3, 5), "CONNACK 5: not authorized");
  EXPECT_EQ(describe(connack_v5, 0x86), "CONNACK 0x86: bad user name or password");
  EXPECT_EQ(describe(puback_v5, 0x99), "PUBACK 0x99: payload format invalid");
  EXPECT_EQ(describe(disconnect_v5, 0x8E), "DISCONNECT 0x8E: session taken over");
  EXPECT_EQ(describe(system, ECONNREFUSED), "Connection refused (errno 111)");
  EXPECT_EQ(describe(closed_by_server, 0), "the server closed the connection");
  EXPECT_EQ(describe(closed_by_server, ECONNRESET),
            "the server closed the connection: Connection reset by peer (errno 104)");
  EXPECT_EQ(describe(tls, X509_V_ERR_CERT_HAS_EXPIRED), "TLS: certificate has expired");
  EXPECT_EQ(describe(timed_out, 0), "no answer in time");
  EXPECT_EQ(describe(paho, MQTTASYNC_DISCONNECTED), "Paho -3: Disconnected");
}

TEST(Classifier, DescribesCodesThatNobodyKnows) {
  for (const Source source : {connack_v3, connack_v5, puback_v5, disconnect_v5, system, resolver,
                              tls, timed_out, closed_by_server, bad_packet, paho}) {
    EXPECT_FALSE(describe(source, 9'999).empty());
    EXPECT_FALSE(describe(source, -9'999).empty());
  }
}

}  // namespace
}  // namespace stresskit::mqtt
