// Serves the dashboard's page and the published files of the data directory until it is told to
// stop.
#include "stresskit/config/load.hpp"
#include "stresskit/dashboard/server.hpp"
#include "stresskit/support/clock.hpp"
#include "stresskit/support/run_app.hpp"

#include <iostream>

using namespace stresskit;

int main(int argc, char** argv) {
  return support::run_app("run_dashboard", [&](std::stop_token stop) {
    const config::Settings settings = config::load(config::Program::run_dashboard, argc, argv);
    dashboard::Server server(settings.dashboard, settings.data, dashboard::find_web_folder(),
                             support::real_clock());
    std::cout << dashboard::announcement(server.url(), settings.data.dir, settings.output.json)
              << std::endl;  // flushed: a script waits for this line
    server.run(stop);
    return support::ExitCode::done;
  });
}
