// Runs the stand-in for a ThingsBoard server and prints the .env lines that point the kit at it.
#include "stresskit/config/load.hpp"
#include "stresskit/sandbox/sandbox.hpp"
#include "stresskit/support/error.hpp"
#include "stresskit/support/files.hpp"
#include "stresskit/support/run_app.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>

using namespace stresskit;

int main(int argc, char** argv) {
  if (const auto exit_code = sandbox::transport_main(argc, argv)) return *exit_code;
  return support::run_app("run_sandbox", [&](std::stop_token stop) {
    const config::Settings all = config::load(config::Program::run_sandbox, argc, argv);
    const config::Sandbox& settings = all.sandbox;
    // The file is the signal that everything answers: an earlier run's must not be taken for it.
    std::error_code problem;
    if (!settings.env_out.empty() && !std::filesystem::remove(settings.env_out, problem) &&
        problem) {
      throw support::Error(support::ExitCode::usage,
                           "cannot remove " + settings.env_out.string() + ": " + problem.message());
    }
    sandbox::Options options;
    options.host = settings.host;
    options.port = settings.port;
    options.mqtt_port = settings.mqtt_port;
    const sandbox::Sandbox sandbox(options);
    sandbox.require_ready(std::chrono::seconds(30));

    std::fputs((all.output.json ? sandbox.env_json() : sandbox.env_lines()).c_str(), stdout);
    std::fflush(stdout);
    if (!settings.env_out.empty()) {
      const auto written = support::replace_file(settings.env_out, sandbox.env_lines(), 0600);
      if (!written) throw support::Error(support::ExitCode::usage, written.error());
    }
    sandbox.run(stop);
    return support::ExitCode::done;
  });
}
