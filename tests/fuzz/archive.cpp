// The archive of a run, one of whose files may hold anything: it is read, judged and shown, or
// refused in one sentence. Input: one byte for the file, then what it holds.
#include "fuzz/fuzz.hpp"
#include "fuzz/scratch.hpp"
#include "support/run_archive.hpp"

#include "stresskit/metrics/metrics_json.hpp"
#include "stresskit/metrics/run_record.hpp"
#include "stresskit/metrics/storage_file.hpp"
#include "stresskit/report/outputs.hpp"

#include <string>

namespace {

using namespace stresskit;

constexpr const char* names[] = {
    "config.json",  "summary.json", "bursts.ndjson", "histograms.ndjson", "events.ndjson",
    "timeline.csv", "devices.csv",  "messages.bin",  "verification.json", "names.json"};

std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// An archive that is whole, and what it says.
struct Whole {
  std::filesystem::path folder = test::write_archive(fuzz::scratch(), {});
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Whole whole;
  fuzz::Input input(data, size);
  const auto file = whole.folder / names[input.number() % std::size(names)];
  const std::string before = slurp(file);
  fuzz::write(file, input.rest());

  const auto record = metrics::read_run(whole.folder);
  if (record) {
    fuzz::require(!metrics::to_json(record->last).empty(), "what was read can be written");
    fuzz::require(!report::html(*record).empty(), "and shown");
  } else {
    fuzz::require(!record.error().empty(), "a refusal has words");
  }
  static_cast<void>(metrics::read_messages(whole.folder));
  static_cast<void>(metrics::read_storage(whole.folder));

  if (before.empty()) {
    std::filesystem::remove(file);
  } else {
    fuzz::write(file, before);
  }
  return 0;
}
