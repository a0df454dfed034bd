// A client of the REST room, with what it needs, against a server of a test.
#pragma once

#include "support/manual_clock.hpp"

#include "stresskit/thingsboard/client.hpp"

#include <chrono>
#include <stop_token>
#include <string>

namespace stresskit::thingsboard {

inline config::ThingsBoard settings(const std::string& url) {
  config::ThingsBoard out;
  out.url = url;
  out.username = "tenant@example.org";
  out.password = "tenant";
  out.timeout = std::chrono::seconds(20);
  return out;
}

/// A client and its session against a server.
struct Caller {
  explicit Caller(const config::ThingsBoard& server) : session(server, clock) {}

  test::ManualClock clock;
  Session session;
  std::stop_source stop;
  Client client{session, stop.get_token()};
};

}  // namespace stresskit::thingsboard
