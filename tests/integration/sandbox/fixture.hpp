#pragma once

#include "support/mqtt_device.hpp"
#include "support/sandbox_process.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <thread>

namespace stresskit::test {

/// A sandbox with one device, "a", whose token is "token-a".
class SandboxFixture : public testing::Test {
 protected:
  SandboxFixture() : device_(sandbox_.create_device("a", "token-a")) {}

  /// What the sandbox answers to a GET of the tenant.
  nlohmann::json get(const std::string& path) {
    return nlohmann::json::parse(sandbox_.call("GET", path).body);
  }

  /// Message `seq` of the device at `ts` = seq.
  static std::string message(int seq) {
    return nlohmann::json{{"ts", seq}, {"values", {{"seq", seq}, {"temperature", 21.5}}}}.dump();
  }

  /// Rows of the key `seq` that the device has in the store, as a client counts them.
  int count() {
    const auto answer = get("/api/plugins/telemetry/DEVICE/" + device_ +
                            "/values/timeseries?keys=seq&startTs=0&endTs=1000&interval=1000&"
                            "agg=COUNT&useStrictDataTypes=true");
    return answer.contains("seq") ? answer.at("seq").at(0).at("value").get<int>() : 0;
  }

  /// Asks again and again until it holds, for 20 s at most.
  template <class Condition>
  static bool comes_true(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
  }

  SandboxProcess sandbox_;
  std::string device_;
};

}  // namespace stresskit::test
