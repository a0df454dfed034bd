// How fast devices are made, one request at a time and four at once, against the sandbox.
#include "common/process.hpp"
#include "common/statistics.hpp"
#include "common/temporary.hpp"

#include <curl/curl.h>
#include <cxxopts.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>

namespace {

using namespace bench;

/// The sandbox with its settings in a file, as `provision --env-file` wants them.
class Sandbox {
 public:
  Sandbox()
      : env_file_(folder_.file(".env")),
        process_({own_folder() / "run_sandbox", "--port=0", "--mqtt-port=0"}) {
    // It prints its settings when everything answers, this one last.
    constexpr std::string_view last = "MQTT_PORT=";
    constexpr std::string_view url = "TB_URL=";
    std::ofstream settings(env_file_);
    std::string line;
    do {
      line = process_.read_line();
      settings << line << '\n';
      if (line.starts_with(url)) {
        url_ = line.substr(url.size());
      }
    } while (!line.starts_with(last));
  }

  ~Sandbox() {
    process_.terminate();
    try {
      static_cast<void>(process_.finish());
    } catch (const std::exception& error) {
      std::cerr << "provision_bench: " << error.what() << '\n';
    }
  }
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  [[nodiscard]] const std::string& env_file() const { return env_file_; }
  [[nodiscard]] std::string data_dir(std::string_view prefix) const { return folder_.file(prefix); }

  /// Holds every answer of the REST side back for so long.
  void answer_after(int milliseconds) {
    send("DELETE", {});
    if (milliseconds > 0) {
      nlohmann::json wish;
      wish["rest"]["delay_ms"] = milliseconds;
      send("POST", wish.dump());
    }
  }

 private:
  void send(const char* method, const std::string& body) const {
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                   curl_easy_cleanup);
    const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(
        curl_slist_append(nullptr, "Content-Type: application/json"), curl_slist_free_all);
    curl_easy_setopt(curl.get(), CURLOPT_URL, (url_ + "/sandbox/faults").c_str());
    curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_COPYPOSTFIELDS, body.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_FAILONERROR, 1L);
    const auto forget =
        +[](char*, std::size_t size, std::size_t count, void*) { return size * count; };
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, forget);
    if (const CURLcode code = curl_easy_perform(curl.get()); code != CURLE_OK) {
      throw std::runtime_error(
          fmt::format("{} {}/sandbox/faults: {}", method, url_, curl_easy_strerror(code)));
    }
  }

  TemporaryFolder folder_;
  std::string env_file_;
  Process process_;
  std::string url_;
};

struct Setting {
  int delay_ms = 0;
  int concurrency = 1;
  std::vector<double> rates;  ///< devices a second, of every round
  std::vector<double> peak_mb;
};

void measure(Sandbox& sandbox, Setting& setting, int devices, const std::string& prefix) {
  sandbox.answer_after(setting.delay_ms);
  const auto start = std::chrono::steady_clock::now();
  Process provision({own_folder() / "provision", "--env-file", sandbox.env_file(), "--data-dir",
                     sandbox.data_dir(prefix), "--device-prefix", prefix, "--device-count",
                     std::to_string(devices), "--device-ceiling", std::to_string(devices),
                     "--provision-concurrency", std::to_string(setting.concurrency)});
  static_cast<void>(provision.finish());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  setting.rates.push_back(devices / took.count());
  setting.peak_mb.push_back(static_cast<double>(provision.peak_memory()) / 1e6);
}

nlohmann::json to_json(const std::vector<Setting>& settings) {
  nlohmann::json all = nlohmann::json::array();
  for (const Setting& setting : settings) {
    all.push_back({{"delay_ms", setting.delay_ms},
                   {"concurrency", setting.concurrency},
                   {"devices_a_second", median(setting.rates)},
                   {"to_one_at_a_time", median(setting.rates) / median(settings.front().rates)},
                   {"peak_mb", percentile(setting.peak_mb, 1)}});
  }
  return all;
}

void print_table(const std::vector<Setting>& settings) {
  fmt::print("{:>9} {:>12} {:>10} {:>20} {:>9}\n", "delay, ms", "at once", "devices/s",
             "x the first line", "peak, MB");
  for (const Setting& setting : settings) {
    fmt::print("{:>9} {:>12} {:>10.0f} {:>20.2f} {:>9.1f}\n", setting.delay_ms, setting.concurrency,
               median(setting.rates), median(setting.rates) / median(settings.front().rates),
               percentile(setting.peak_mb, 1));
  }
}

int run(int argc, char** argv) {
  cxxopts::Options options("provision_bench", "Devices made a second, against the sandbox");
  options.add_options()("devices", "in each run", cxxopts::value<int>()->default_value("500"))(
      "rounds", "runs of each setting, in turn", cxxopts::value<int>()->default_value("3"))(
      "json", "print one JSON array")("help", "show this");
  const auto given = options.parse(argc, argv);
  if (given.count("help") > 0) {
    std::cout << options.help();
    return 0;
  }
  curl_global_init(CURL_GLOBAL_DEFAULT);
  std::vector<Setting> settings{{10, 1, {}, {}}, {10, 4, {}, {}}, {0, 1, {}, {}}, {0, 4, {}, {}}};
  {
    Sandbox sandbox;
    int runs = 0;
    for (int round = 0; round < given["rounds"].as<int>(); ++round) {
      for (Setting& setting : settings) {
        measure(sandbox, setting, given["devices"].as<int>(), fmt::format("bench{}", ++runs));
      }
    }
  }
  if (given.count("json") > 0) {
    fmt::print("{}\n", to_json(settings).dump(2));
  } else {
    print_table(settings);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "provision_bench: " << error.what() << '\n';
    return 1;
  }
}
