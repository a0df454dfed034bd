// Answers of a REST server that may be anything. Readers give a document or refuse it with the
// JSON library's exception, which the client turns into an error; errors become sentences.
// Input: one byte for the status, one for the content type, then the body.
#include "fuzz/fuzz.hpp"
#include "thingsboard/classify.hpp"
#include "thingsboard/figures_json.hpp"
#include "thingsboard/json.hpp"
#include "thingsboard/jwt.hpp"
#include "thingsboard/samples_json.hpp"

#include <nlohmann/json.hpp>

namespace stresskit::thingsboard {
namespace {

template <class Read>
void refuse_or(Read read) {
  try {
    static_cast<void>(read());
  } catch (const nlohmann::json::exception&) {
  }
}

void read_all(std::string_view body) {
  refuse_or([&] { return read_user(body); });
  refuse_or([&] { return read_server_info(body); });
  refuse_or([&] { return read_device(body); });
  refuse_or([&] { return read_device_page(body); });
  refuse_or([&] { return read_credentials(body); });
  refuse_or([&] { return read_attributes(body); });
  refuse_or([&] { return read_profile(body); });
  refuse_or([&] { return read_profile_page(body); });
  refuse_or([&] { return read_usage(body); });
  refuse_or([&] { return read_system_info(body); });
  refuse_or([&] { return read_point_counters(body); });
  refuse_or([&] { return read_queue_stats(body); });
  refuse_or([&] { return read_count(body, "seq"); });
  refuse_or([&] { return read_samples(body, "seq"); });
  static_cast<void>(read_claims(body));
}

void explain_all(const HttpAnswer& answer) {
  HttpRequest request;
  request.method = Method::post;
  request.path = "/api/device?accessToken=hidden";
  config::ThingsBoard server;
  server.url = "http://tb";
  server.username = "a@b";
  for (const Purpose purpose :
       {Purpose::log_in, Purpose::refresh, Purpose::call, Purpose::telemetry}) {
    const ApiError error = answer.status / 100 == 2 ? unreadable(request, answer, purpose)
                                                    : classify(request, answer, purpose);
    fuzz::require(!to_string(error).empty() && !explain(error, server).empty(),
                  "an error has words");
    fuzz::require(error.request == "POST /api/device", "a request is named without parameters");
  }
}

}  // namespace
}  // namespace stresskit::thingsboard

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stresskit::thingsboard;
  constexpr int statuses[] = {200, 201, 301, 302, 400, 401, 403, 404, 409, 413, 429, 500, 502, 503};
  constexpr const char* types[] = {"application/json", "text/html", "text/plain", ""};
  stresskit::fuzz::Input input(data, size);
  HttpAnswer answer;
  answer.status = statuses[input.number() % std::size(statuses)];
  answer.content_type = types[input.number() % std::size(types)];
  answer.body = input.rest();
  read_all(answer.body);
  explain_all(answer);
  return 0;
}
