// What the dashboard answers about files that may hold anything.
// Input: one byte for the file, then what it holds.
#include "dashboard/site.hpp"
#include "fuzz/fuzz.hpp"
#include "fuzz/scratch.hpp"
#include "support/run_archive.hpp"

#include <nlohmann/json.hpp>

namespace {

using namespace stresskit;

constexpr const char* files[] = {"metrics.json", "timeline.csv", "bursts.ndjson", "events.ndjson",
                                 "summary.json", "messages.bin", "names.json",    "config.json"};
constexpr const char* paths[] = {"/metrics",      "/api/state",     "/api/runs",    "/api/summary",
                                 "/api/timeline", "/api/bursts",    "/api/devices", "/api/names",
                                 "/api/device",   "/api/incidents", "/healthz"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string run_id =
      test::write_archive(fuzz::scratch() / "runs", {}).filename().string();
  fuzz::Input input(data, size);
  const std::string name = files[input.number() % std::size(files)];
  const auto file =
      name == "metrics.json" ? fuzz::scratch() / name : fuzz::scratch() / "runs" / run_id / name;
  std::string before;
  if (std::ifstream in(file, std::ios::binary); in) {
    before.assign(std::istreambuf_iterator<char>(in), {});
  }
  fuzz::write(file, input.rest());

  dashboard::Site site(
      {.host = "127.0.0.1", .port = 0, .refresh = std::chrono::seconds(1)}, fuzz::scratch(),
      fuzz::scratch() / "web", [] { return std::nullopt; }, support::real_clock());
  for (const char* path : paths) {
    for (const char* accept : {"application/json", "text/plain; version=0.0.4"}) {
      const auto answer =
          site.answer({.path = path, .query = {{"run", run_id}, {"index", "1"}}, .accept = accept});
      fuzz::require(answer.status >= 200 && answer.status < 600, "an answer has a status");
      fuzz::require(answer.type != dashboard::json_type || nlohmann::json::accept(answer.body),
                    "a JSON answer is JSON");
    }
  }
  fuzz::write(file, before);
  return 0;
}
