// Replays what a real ThingsBoard said over MQTT against the sandbox, packet by packet.

#include "contract/mqtt_client.hpp"
#include "contract/mqtt_stage.hpp"
#include "contract/mqtt_transcript.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace stresskit::contract {
namespace {

using namespace std::chrono_literals;
using Kind = TranscriptStep::Kind;

const std::filesystem::path contract_dir =
    std::filesystem::path(STRESSKIT_SOURCE_DIR) / "tests" / "contract";

std::vector<std::string> recorded_cases() {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(contract_dir / "recorded")) {
    const std::string name = file.path().stem();
    if (name.starts_with("mqtt-")) {
      names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// The cases in the first column of the tables of left_out.md.
std::set<std::string> left_out_cases() {
  std::set<std::string> names;
  std::ifstream in(contract_dir / "left_out.md");
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("| mqtt-")) {
      continue;
    }
    names.insert(line.substr(2, line.find(' ', 2) - 2));
  }
  return names;
}

std::vector<std::string> replayed_cases() {
  const std::set<std::string> left_out = left_out_cases();
  std::vector<std::string> names = recorded_cases();
  std::erase_if(names, [&](const std::string& name) { return left_out.contains(name); });
  return names;
}

Transcript transcript(const std::string& name) {
  return read_transcript(contract_dir / "recorded" / (name + ".json"));
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// One recorded conversation: brings the server into the state it was recorded in, then talks.
class Replay {
 public:
  Replay(MqttStage& stage, Transcript wanted) : stage_(stage), wanted_(std::move(wanted)) {}

  void run() {
    prepare();
    if (!testing::Test::HasFailure()) {
      converse();
    }
  }

 private:
  void converse() {
    MqttClient client(stage_.port());
    for (std::size_t i = 0; i < wanted_.steps.size(); ++i) {
      SCOPED_TRACE(wanted_.name + ", step " + std::to_string(i) + ": " + wanted_.steps[i].what);
      take(client, i);
      if (testing::Test::HasFailure()) {
        return;
      }
    }
  }

  [[nodiscard]] bool is(std::string_view part) const { return contains(wanted_.name, part); }
  [[nodiscard]] std::string user() const { return wanted_.user_name.value_or("device"); }

  /// Connects as the device of the case; returns the CONNACK's code.
  int connect_once(MqttClient& client) {
    client.send(connect_bytes(wanted_.version, user()));
    const auto connack = client.receive();
    return connack && connack->size() >= 4 ? static_cast<std::uint8_t>((*connack)[3]) : -1;
  }

  /// The device is there, unless the case is about its absence.
  [[nodiscard]] bool exists() const {
    return wanted_.user_name != "" && !is("no-user") && !is("wrong-token") && !is("deleted-token");
  }

  void prepare() {
    if (is("connect-before-create")) {
      MqttClient early(stage_.port());
      ASSERT_NE(connect_once(early), 0);
    }
    if (exists()) {
      stage_.add_device(user());
    }
    if (is("deleted-token")) {
      stage_.add_device(user());
      stage_.delete_device(user());
    }
    if (is("ip-block")) {
      block_address();
    }
    if (is("-idle")) {
      stage_.set_limits(R"({"inactivity_ms": 300})");
    }
    if (is("quota-connect")) {
      stage_.set_limits(R"({"quota_reached": true})");
    }
    if (is("rate-limit")) {
      limit_rates();
    }
    if (is("evicting-session")) {
      other_ = std::make_unique<MqttClient>(stage_.port());
      ASSERT_EQ(connect_once(*other_), 0);
    }
  }

  void block_address() {
    stage_.set_limits(R"({"ip_block": {"wrong_credentials": 10, "block_ms": 60000}})");
    for (int attempt = 0; attempt < 10; ++attempt) {
      MqttClient client(stage_.port());
      client.send(connect_bytes(wanted_.version, "wrong"));
      ASSERT_TRUE(client.receive().has_value());
      if (wanted_.version == "5") {
        client.receive();
      }
      ASSERT_TRUE(client.closed_by_fin());
    }
  }

  /// The note of these cases holds the limits of the tenant profile.
  void limit_rates() {
    const std::size_t from = wanted_.note.find('{');
    const std::size_t to = wanted_.note.find('}');
    ASSERT_NE(to, std::string::npos) << wanted_.note;
    stage_.set_limits(R"({"rate_limits": )" + wanted_.note.substr(from, to + 1 - from) + "}");
    if (is("rate-limit-connect")) {
      for (int passed = 0; passed < 2; ++passed) {
        MqttClient client(stage_.port());
        ASSERT_EQ(connect_once(client), 0);
      }
    } else if (is("-qos0")) {  // recorded straight after the same at QoS 1
      Replay(stage_, transcript(wanted_.name.substr(0, wanted_.name.size() - 5))).converse();
    }
  }

  void take(MqttClient& client, std::size_t index) {
    const TranscriptStep& step = wanted_.steps[index];
    const bool last = index + 1 == wanted_.steps.size();
    switch (step.kind) {
      case Kind::send:
        send(client, index);
        break;
      case Kind::receive:
        receive(client, index);
        break;
      case Kind::closed:
        EXPECT_TRUE(client.closed_by_fin());
        break;
      case Kind::silence:
        expect_silence(client, last ? nullptr : &wanted_.steps[index + 1]);
        break;
      case Kind::rest:
        call(step.what);
        break;
      case Kind::note:
        break;
    }
  }

  void call(const std::string& what) {
    if (contains(what, "DELETE")) {
      stage_.delete_device(user());
    } else {
      stage_.change_token(user());
    }
  }

  /// Packets that were sent without waiting in between go out in one write.
  void send(MqttClient& client, std::size_t index) {
    const auto& steps = wanted_.steps;
    if (is("-quota") && !is("connect") && is_last_send(index)) {
      stage_.set_limits(R"({"quota_reached": true})");
    }
    if (index > 0 && steps[index - 1].kind == Kind::send) {
      return;
    }
    std::string bytes;
    for (std::size_t i = index; i < steps.size() && steps[i].kind == Kind::send; ++i) {
      bytes += steps[i].bytes;
    }
    EXPECT_TRUE(client.send(bytes));
  }

  [[nodiscard]] bool is_last_send(std::size_t index) const {
    return std::none_of(wanted_.steps.begin() + static_cast<std::ptrdiff_t>(index) + 1,
                        wanted_.steps.end(),
                        [](const TranscriptStep& step) { return step.kind == Kind::send; });
  }

  void receive(MqttClient& client, std::size_t index) {
    const auto packet = client.receive();
    ASSERT_TRUE(packet.has_value()) << "nothing came";
    EXPECT_EQ(to_hex(*packet), to_hex(wanted_.steps[index].bytes));
    if (is("evicted-session") && wanted_.steps[index].what == "CONNACK") {
      other_ = std::make_unique<MqttClient>(stage_.port());
      ASSERT_EQ(connect_once(*other_), 0);
    }
  }

  /// The recorder waited seconds; a PINGREQ whose answer is the next packet proves as much.
  void expect_silence(MqttClient& client, const TranscriptStep* next) {
    if (wanted_.name == "mqtt-no-connect") {
      EXPECT_TRUE(client.quiet_for(200ms));  // without a session there is no PINGRESP
    } else if (next == nullptr || next->what != "PINGREQ") {
      client.send(pingreq_bytes);
      const auto answer = client.receive();
      ASSERT_TRUE(answer.has_value());
      EXPECT_EQ(to_hex(*answer), to_hex(pingresp_bytes));
    }
  }

  MqttStage& stage_;
  Transcript wanted_;
  std::unique_ptr<MqttClient> other_;
};

class RecordedMqtt : public testing::TestWithParam<std::string> {};

TEST_P(RecordedMqtt, IsAnsweredAlike) {
  MqttStage stage;
  Replay(stage, transcript(GetParam())).run();
}

std::string test_name(const testing::TestParamInfo<std::string>& recorded) {
  std::string name = recorded.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, RecordedMqtt, testing::ValuesIn(replayed_cases()), test_name);

TEST(RecordedMqttCases, AreAllReplayedOrLeftOutByAnExistingName) {
  const std::vector<std::string> recorded = recorded_cases();
  EXPECT_EQ(recorded.size(), 121U);
  for (const std::string& name : left_out_cases()) {
    EXPECT_TRUE(std::binary_search(recorded.begin(), recorded.end(), name))
        << name << " is left out but was never recorded";
  }
}

}  // namespace
}  // namespace stresskit::contract
