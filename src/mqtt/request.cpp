#include "stresskit/mqtt/request.hpp"

#include "mqtt/client_id.hpp"
#include "mqtt/engine/paho_client.hpp"

#include <mqtt/async_client.h>

#include <random>
#include <utility>

namespace stresskit::mqtt {

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr const char* request_topic = "v1/devices/me/rpc/request/1";
constexpr const char* response_topics = "v1/devices/me/rpc/response/+";
constexpr int at_least_once = 1;
// Nothing wakes a wait of Paho's from outside.
constexpr auto look_every = 50ms;

/// Waits for one thing after the other, all of them until the same moment.
class Patience {
 public:
  Patience(std::chrono::milliseconds timeout, std::stop_token stop)
      : until_(steady_clock::now() + timeout), stop_(std::move(stop)) {}

  /// Whether `comes`, which waits as long as it is told, said so in time and before a stop.
  template <class Comes>
  bool wait(const Comes& comes) const {
    while (!stop_.stop_requested() && steady_clock::now() < until_) {
      if (comes(look_every)) {
        return true;
      }
    }
    return false;
  }

 private:
  const steady_clock::time_point until_;
  const std::stop_token stop_;
};

}  // namespace

support::Result<std::string> request(const config::Mqtt& settings, const fleet::Device& device,
                                     const std::string& payload, std::chrono::milliseconds timeout,
                                     std::stop_token stop) {
  const Patience patience(timeout, std::move(stop));
  const auto in_time = [&](const auto& token) {
    return patience.wait([&](auto time) { return token->wait_for(time); });
  };
  std::random_device random;
  try {
    ::mqtt::async_client client(paho_uri(settings), make_client_id(device.name, random));
    client.start_consuming();
    if (!in_time(client.connect(paho_connect_options(settings, device.token))) ||
        !in_time(client.subscribe(response_topics, at_least_once)) ||
        !in_time(
            client.publish(request_topic, payload.data(), payload.size(), at_least_once, false))) {
      return support::failure("the server did not answer in time");
    }
    ::mqtt::const_message_ptr answer;
    // Without a message it is the end of the connection that came.
    const bool came = patience.wait([&](auto time) {
      return client.try_consume_message_for(&answer, time);
    }) && answer;
    static_cast<void>(in_time(client.disconnect()));
    if (!came) {
      return support::failure("the server took the question and did not answer it");
    }
    return answer->to_string();
  } catch (const ::mqtt::exception& error) {
    return support::failure(std::string(error.what()));
  }
}

}  // namespace stresskit::mqtt
