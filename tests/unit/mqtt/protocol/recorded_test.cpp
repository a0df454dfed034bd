// What a real ThingsBoard (4.3.1.3) sent, connection by connection, and what it means.

#include "unit/mqtt/protocol/hex.hpp"

#include "stresskit/mqtt/protocol/decode.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::mqtt::protocol {
namespace {

struct Row {
  const char* name;
  Version version;
  const char* bytes;
  const char* packets;
};

const Row rows[] = {
    {"attributes-request", Version::v3_1_1,
     "200200009003000a0140020004400200053229002376312f646576696365732f6d652f"
     "617474726962757465732f726573706f6e73652f3100017b7d",
     "CONNACK 0; SUBACK 10 1; PUBACK 4 0; PUBACK 5 0; PUBLISH 1 v1/devices/me/attribut"
     "es/response/1 {}"},
    {"session-limits", Version::v3_1_1,
     "200200009003000a014002000132a501001c76312f646576696365732f6d652f727063"
     "2f726573706f6e73652f3100017b226d61785061796c6f616453697a65223a36353533"
     "362c226d6178496e666c696768744d65737361676573223a3130302c22726174654c69"
     "6d697473223a7b226d65737361676573223a6e756c6c2c2274656c656d657472794d65"
     "737361676573223a6e756c6c2c2274656c656d6574727944617461506f696e7473223a"
     "6e756c6c7d7d",
     R"(CONNACK 0; SUBACK 10 1; PUBACK 1 0; PUBLISH 1 v1/devices/me/rpc/respon)"
     R"(se/1 {"maxPayloadSize":65536,"maxInflightMessages":100,"rateLimits":{")"
     R"(messages":null,"telemetryMessages":null,"telemetryDataPoints":null}})"},
    {"v311-bad-key", Version::v3_1_1, "2002000040020003d000", "CONNACK 0; PUBACK 3 0; PINGRESP"},
    {"v311-basic-ok", Version::v3_1_1, "20020000", "CONNACK 0"},
    {"v311-basic-wrong-password", Version::v3_1_1, "20020005", "CONNACK 5"},
    {"v311-connect-clean-0", Version::v3_1_1, "20020100", "CONNACK 0"},
    {"v311-connect-ok", Version::v3_1_1, "2002000040020001d000", "CONNACK 0; PUBACK 1 0; PINGRESP"},
    {"v311-device-deleted", Version::v3_1_1, "2002000040020001", "CONNACK 0; PUBACK 1 0"},
    {"v311-empty-array", Version::v3_1_1, "20020000d000", "CONNACK 0; PINGRESP"},
    {"v311-no-user-client-id", Version::v3_1_1, "20020002", "CONNACK 2"},
    {"v311-qos2", Version::v3_1_1, "2002000040020007d000", "CONNACK 0; PUBACK 7 0; PINGRESP"},
    {"v311-quota-connect", Version::v3_1_1, "20020003", "CONNACK 3"},
    {"v311-quota", Version::v3_1_1, "20020000400200014002000240020064",
     "CONNACK 0; PUBACK 1 0; PUBACK 2 0; PUBACK 100 0"},
    {"v311-rate-limit-data-points", Version::v3_1_1, "20020000400200014002000240020003",
     "CONNACK 0; PUBACK 1 0; PUBACK 2 0; PUBACK 3 0"},
    {"v311-subscribe", Version::v3_1_1, "200200009005000a010180", "CONNACK 0; SUBACK 10 1 1 128"},
    {"v311-wrong-token-clean-0", Version::v3_1_1, "20020105", "CONNACK 5"},
    {"v5-bad-key", Version::v5, "200300000040020003d000", "CONNACK 0; PUBACK 3 0; PINGRESP"},
    {"v5-basic-ok", Version::v5, "2003000000e000", "CONNACK 0; DISCONNECT 0"},
    {"v5-basic-wrong-password", Version::v5, "2003008600e0028600", "CONNACK 134; DISCONNECT 134"},
    {"v5-connect-before-create", Version::v5, "2003000000", "CONNACK 0"},
    {"v5-connect-clean-0", Version::v5, "2003010000e000", "CONNACK 0; DISCONNECT 0"},
    {"v5-connect-ok", Version::v5, "200300000040020001d000e000",
     "CONNACK 0; PUBACK 1 0; PINGRESP; DISCONNECT 0"},
    {"v5-credentials-changed", Version::v5, "2003000000e0029800", "CONNACK 0; DISCONNECT 152"},
    {"v5-device-deleted", Version::v5, "200300000040020001e0029800",
     "CONNACK 0; PUBACK 1 0; DISCONNECT 152"},
    {"v5-empty-array", Version::v5, "2003000000d000", "CONNACK 0; PINGRESP"},
    {"v5-empty-payload", Version::v5, "2003000000400400039900d000",
     "CONNACK 0; PUBACK 3 153; PINGRESP"},
    {"v5-evicted-session", Version::v5, "2003000000e0028e00", "CONNACK 0; DISCONNECT 142"},
    {"v5-evicting-session", Version::v5, "200300000040020001", "CONNACK 0; PUBACK 1 0"},
    {"v5-gateway-connect", Version::v5, "200300000040020001d000",
     "CONNACK 0; PUBACK 1 0; PINGRESP"},
    {"v5-gateway-telemetry-invalid-json", Version::v5, "2003000000400400019900d000",
     "CONNACK 0; PUBACK 1 153; PINGRESP"},
    {"v5-gateway-telemetry-not-array", Version::v5, "2003000000400400018300e0028300",
     "CONNACK 0; PUBACK 1 131; DISCONNECT 131"},
    {"v5-gateway-unknown-topic", Version::v5, "2003000000400400019000d000",
     "CONNACK 0; PUBACK 1 144; PINGRESP"},
    {"v5-idle", Version::v5, "2003000000e002a000", "CONNACK 0; DISCONNECT 160"},
    {"v5-invalid-json-qos0", Version::v5, "2003000000e0029900", "CONNACK 0; DISCONNECT 153"},
    {"v5-no-user-client-id", Version::v5, "2003008500e0028500", "CONNACK 133; DISCONNECT 133"},
    {"v5-no-user-empty-client-id", Version::v5, "2003008700e0028700",
     "CONNACK 135; DISCONNECT 135"},
    {"v5-payload-100000", Version::v5, "2003000000e0028100", "CONNACK 0; DISCONNECT 129"},
    {"v5-qos2", Version::v5, "200300000040020007d000", "CONNACK 0; PUBACK 7 0; PINGRESP"},
    {"v5-quota-connect", Version::v5, "2003009f00e0029600", "CONNACK 159; DISCONNECT 150"},
    {"v5-quota", Version::v5, "200300000040020064e0028300",
     "CONNACK 0; PUBACK 100 0; DISCONNECT 131"},
    {"v5-rate-limit-data-points-qos0", Version::v5, "2003000000e0028300",
     "CONNACK 0; DISCONNECT 131"},
    {"v5-rate-limit-data-points", Version::v5, "2003000000400200014002000240020003e0028300",
     "CONNACK 0; PUBACK 1 0; PUBACK 2 0; PUBACK 3 0; DISCONNECT 131"},
    {"v5-subscribe", Version::v5, "20030000009006000a0001018f", "CONNACK 0; SUBACK 10 1 1 143"},
    {"v5-ts-not-number", Version::v5, "2003000000e0028b00", "CONNACK 0; DISCONNECT 139"},
    {"v5-wrong-token-clean-0", Version::v5, "2003018600e0028600", "CONNACK 134; DISCONNECT 134"},
};

struct InWords {
  std::string operator()(const Connack& packet) const {
    return "CONNACK " + std::to_string(packet.code);
  }
  std::string operator()(const Puback& packet) const {
    return "PUBACK " + std::to_string(packet.id) + " " + std::to_string(packet.code);
  }
  std::string operator()(const Publish& packet) const {
    return "PUBLISH " + std::to_string(packet.id) + " " + std::string(packet.topic) + " " +
           std::string(packet.payload);
  }
  std::string operator()(const Suback& packet) const {
    std::string words = "SUBACK " + std::to_string(packet.id);
    for (const char code : packet.codes) {
      words += " " + std::to_string(static_cast<unsigned char>(code));
    }
    return words;
  }
  std::string operator()(const Disconnect& packet) const {
    return "DISCONNECT " + std::to_string(packet.code);
  }
  std::string operator()(const Pingresp&) const { return "PINGRESP"; }
  std::string operator()(const Malformed& packet) const { return packet.what; }
  std::string operator()(const Incomplete&) const { return "INCOMPLETE"; }
};

/// Reads `bytes` as they would come in pieces of these sizes (the last one over and over).
std::string read_in_pieces(const Row& row, const std::vector<std::size_t>& sizes) {
  const std::string bytes = test::hex(row.bytes);
  std::string words;
  std::string kept;
  std::size_t at = 0;
  for (std::size_t i = 0; at < bytes.size(); ++i) {
    const std::size_t size = sizes[std::min(i, sizes.size() - 1)];
    kept += bytes.substr(at, size);
    at += size;
    for (Decoded next = decode(row.version, kept); next.size != 0;
         next = decode(row.version, kept)) {
      words += (words.empty() ? "" : "; ") + std::visit(InWords{}, next.packet);
      kept.erase(0, next.size);
    }
  }
  return words + (kept.empty() ? "" : " and bytes left over");
}

class Recorded : public testing::TestWithParam<Row> {};

TEST_P(Recorded, IsUnderstood) {
  EXPECT_EQ(read_in_pieces(GetParam(), {1'000}), GetParam().packets);
}

TEST_P(Recorded, EverySplitMeansTheSame) {
  const std::size_t size = test::hex(GetParam().bytes).size();
  EXPECT_EQ(read_in_pieces(GetParam(), {1}), GetParam().packets);
  for (std::size_t first = 1; first < size; ++first) {
    EXPECT_EQ(read_in_pieces(GetParam(), {first, size}), GetParam().packets) << first;
    for (std::size_t second = 1; first + second < size; ++second) {
      EXPECT_EQ(read_in_pieces(GetParam(), {first, second, size}), GetParam().packets)
          << first << " + " << second;
    }
  }
}

// Whatever happens to the bytes on their way, reading them ends, and within what there is.
TEST_P(Recorded, DamagedBytesDoNoHarm) {
  std::mt19937 random(4711);
  const std::string good = test::hex(GetParam().bytes);
  for (int i = 0; i < 2'000; ++i) {
    std::string bytes = good.substr(0, random() % (good.size() + 1));
    for (int damage = 0; damage < 3 && !bytes.empty(); ++damage) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    const std::vector<char> exact(bytes.begin(), bytes.end());  // sanitizers see its end
    std::string_view rest(exact.data(), exact.size());
    Decoded next = decode(GetParam().version, rest);
    while (next.size != 0) {
      ASSERT_LE(next.size, rest.size());
      rest.remove_prefix(next.size);
      next = decode(GetParam().version, rest);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(ThingsBoard, Recorded, testing::ValuesIn(rows), [](const auto& row) {
  std::string name = row.param.name;
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace
}  // namespace stresskit::mqtt::protocol
