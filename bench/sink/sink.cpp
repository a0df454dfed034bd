// A neutral MQTT sink for measurements: prints its port, serves until it is told to stop, and then
// prints when the bursts arrived.
#include "sink/server.hpp"

#include <cxxopts.hpp>

#include <cmath>
#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>
#include <string>

namespace {

bench::Nanoseconds from_seconds(double seconds) {
  return static_cast<bench::Nanoseconds>(std::llround(seconds * 1e9));
}

void write_samples(const bench::Arrivals& arrivals, const std::string& path) {
  const auto close = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.c_str(), "w"), close);
  if (file == nullptr) {
    throw std::runtime_error("cannot write " + path);
  }
  arrivals.print_samples(file.get());
}

int run(int argc, char** argv) {
  cxxopts::Options options("bench_sink",
                           "Takes MQTT, answers at once, notes when each PUBLISH came");
  options.add_options()("tls-cert-out", "speak TLS; the certificate goes to this file",
                        cxxopts::value<std::string>()->default_value(""))(
      "delay", "seconds that every answer is held back",
      cxxopts::value<double>()->default_value("0"))(
      "freeze-after", "seconds after the first PUBLISH to stop reading",
      cxxopts::value<double>()->default_value("0"))("freeze", "seconds to stop reading for",
                                                    cxxopts::value<double>()->default_value("0"))(
      "samples", "write every arrival to this file",
      cxxopts::value<std::string>()->default_value(""))("help", "show this");
  const auto given = options.parse(argc, argv);
  if (given.count("help") > 0) {
    std::cout << options.help();
    return 0;
  }
  bench::SinkOptions wanted;
  wanted.certificate_file = given["tls-cert-out"].as<std::string>();
  wanted.answer_delay = from_seconds(given["delay"].as<double>());
  wanted.freeze_after = from_seconds(given["freeze-after"].as<double>());
  wanted.freeze_length = from_seconds(given["freeze"].as<double>());
  bench::SinkServer server(wanted);
  std::printf("{\"port\": %u}\n", static_cast<unsigned>(server.port()));
  std::fflush(stdout);
  server.run();
  server.arrivals().print_bursts(stdout);
  if (const auto path = given["samples"].as<std::string>(); !path.empty()) {
    write_samples(server.arrivals(), path);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "bench_sink: " << error.what() << '\n';
    return 1;
  }
}
