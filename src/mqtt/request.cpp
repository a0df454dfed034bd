#include "stresskit/mqtt/request.hpp"

#include "mqtt/client_id.hpp"
#include "mqtt/engine/paho_client.hpp"

#include <mqtt/async_client.h>

#include <random>

namespace stresskit::mqtt {

namespace {

constexpr const char* request_topic = "v1/devices/me/rpc/request/1";
constexpr const char* response_topics = "v1/devices/me/rpc/response/+";
constexpr int at_least_once = 1;

}  // namespace

support::Result<std::string> request(const config::Mqtt& settings, const fleet::Device& device,
                                     const std::string& payload,
                                     std::chrono::milliseconds timeout) {
  std::random_device random;
  try {
    ::mqtt::async_client client(paho_uri(settings), make_client_id(device.name, random));
    client.start_consuming();
    const auto in_time = [&](const auto& token) { return token->wait_for(timeout); };
    if (!in_time(client.connect(paho_connect_options(settings, device.token))) ||
        !in_time(client.subscribe(response_topics, at_least_once)) ||
        !in_time(
            client.publish(request_topic, payload.data(), payload.size(), at_least_once, false))) {
      return support::failure("the server did not answer in time");
    }
    ::mqtt::const_message_ptr answer;
    const bool came = client.try_consume_message_for(&answer, timeout) && answer;
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
