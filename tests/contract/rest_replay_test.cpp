// Replays what a real ThingsBoard answered over REST against the sandbox, a fresh one a case.
#include "contract/rest_replay.hpp"

#include "contract/recorded_case.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

namespace stresskit::contract {
namespace {

using nlohmann::json;

std::vector<std::string> replayed_cases() {
  std::vector<std::string> names = recorded_rest_cases();
  std::erase_if(names, is_left_out);
  return names;
}

class RecordedRest : public testing::TestWithParam<std::string> {};

TEST_P(RecordedRest, IsAnsweredAsRecorded) {
  const json recorded = read_case(GetParam());
  ASSERT_TRUE(recorded.contains("request")) << "neither a request nor listed in left_out.md";
  const json setup = find_setup(GetParam());
  RestReplay replay;
  replay.prepare(setup);
  const RestReplay::Answer answer = replay.ask(recorded, setup);
  EXPECT_EQ(difference(recorded, answer, setup, replay), "") << answer.response.raw;
}

INSTANTIATE_TEST_SUITE_P(Case, RecordedRest, testing::ValuesIn(replayed_cases()),
                         [](const testing::TestParamInfo<std::string>& parameter) {
                           std::string name = parameter.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(RecordedRestCases, EverySetupIsForACaseThatIsReplayed) {
  const auto names = replayed_cases();
  // Named, so that it outlives the loop over a part of it.
  const json setups = read_json(contract_dir() / "rest_setup.json");
  for (const json& setup : setups.at("cases")) {
    const bool used = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return find_setup(name) == setup;
    });
    EXPECT_TRUE(used) << setup.at("match");
  }
}

}  // namespace
}  // namespace stresskit::contract
