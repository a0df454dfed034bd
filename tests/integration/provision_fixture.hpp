// A small fleet to be provisioned at a scripted ThingsBoard.
#pragma once

#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"
#include "support/tiny_thingsboard.hpp"

#include "stresskit/fleet/tokens.hpp"
#include "stresskit/provision/provision.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <stop_token>

namespace stresskit::provision {

using test::ScriptedServer;
using test::TinyThingsBoard;
using Ending = ScriptedServer::Ending;
using Reply = TinyThingsBoard::Reply;
using Request = TinyThingsBoard::Request;

class Provision : public testing::Test {
 protected:
  Provision() {
    fleet_.prefix = "sim";
    fleet_.count = 10;
    fleet_.label = "sim-lab";
    fleet_.type = "sensor";
    settings_.concurrency = 4;
    settings_.retries = 5;
    settings_.retry_delay = std::chrono::seconds(2);
    data_.dir = folder_.path() / "data";
    server_.username = board_.user;
    server_.password = board_.password;
    server_.timeout = std::chrono::seconds(20);
    board_.add_profile("sensor");
  }

  Report run() {
    server_.url = board_.url();
    thingsboard::Session session(server_, clock_);
    return provision(fleet_, settings_, data_, session, clock_, stop_.get_token());
  }

  /// The tokens in the file must be those of the server.
  void expect_tokens_of_server(std::size_t count) {
    const auto tokens = fleet::read_tokens(data_.tokens());
    ASSERT_TRUE(tokens) << tokens.error();
    EXPECT_EQ(tokens->size(), count);
    const auto devices = board_.devices();
    for (const fleet::Device& device : *tokens) {
      ASSERT_TRUE(devices.contains(device.name)) << device.name;
      EXPECT_EQ(device.token, devices.at(device.name).token);
    }
  }

  [[nodiscard]] std::size_t writes() {
    const auto requests = board_.server().requests();
    return static_cast<std::size_t>(
        std::count_if(requests.begin(), requests.end(), [](const Request& request) {
          return request.method != "GET" && !request.path.starts_with("/api/auth/");
        }));
  }

  TinyThingsBoard board_;
  test::TempDir folder_;
  test::ManualClock clock_;
  config::Fleet fleet_;
  config::Provisioning settings_;
  config::Data data_;
  config::ThingsBoard server_;
  std::stop_source stop_;
};

inline bool creates(const Request& request) {
  return request.method == "POST" && request.path == "/api/device" &&
         request.query.contains("accessToken");
}

}  // namespace stresskit::provision
