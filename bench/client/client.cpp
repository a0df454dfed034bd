// One client of one run, in a process of its own: prints its figures as one line of JSON.
#include "client/figures.hpp"

#include <cxxopts.hpp>

#include <cstdio>
#include <exception>
#include <iostream>
#include <sys/resource.h>

namespace {

void raise_open_files() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

int run(int argc, char** argv) {
  cxxopts::Options options("bench_client", "Sends bursts to a sink and measures itself");
  options.add_options()("engine", "raw, native or paho",
                        cxxopts::value<std::string>()->default_value("raw"))(
      "port", "the sink's", cxxopts::value<std::uint16_t>())(
      "devices", "connections", cxxopts::value<std::uint32_t>()->default_value("500"))(
      "bursts", "messages a connection", cxxopts::value<std::uint32_t>()->default_value("10"))(
      "interval", "seconds between bursts", cxxopts::value<double>()->default_value("1"))(
      "ca", "speak TLS and trust this certificate",
      cxxopts::value<std::string>()->default_value(""))("help", "show this");
  const auto given = options.parse(argc, argv);
  if (given.count("help") > 0) {
    std::cout << options.help();
    return 0;
  }
  bench::ClientOptions wanted;
  wanted.engine = given["engine"].as<std::string>();
  wanted.port = given["port"].as<std::uint16_t>();
  wanted.devices = given["devices"].as<std::uint32_t>();
  wanted.bursts = given["bursts"].as<std::uint32_t>();
  wanted.interval = given["interval"].as<double>();
  wanted.ca_file = given["ca"].as<std::string>();
  raise_open_files();
  const auto figures = wanted.engine == "raw" ? bench::run_raw(wanted) : bench::run_kit(wanted);
  std::puts(bench::to_json(figures).c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "bench_client: " << error.what() << '\n';
    return 1;
  }
}
