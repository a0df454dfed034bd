// Creates the simulated devices, or takes those that exist, and keeps their tokens.
#include "stresskit/provision/provision.hpp"

#include "stresskit/config/load.hpp"
#include "stresskit/support/run_app.hpp"

#include <fmt/format.h>

#include <cstdio>

using namespace stresskit;

int main(int argc, char** argv) {
  return support::run_app("provision", [&](std::stop_token stop) {
    const config::Settings settings = config::load(config::Program::provision, argc, argv);
    support::Clock& clock = support::real_clock();
    thingsboard::Session session(settings.thingsboard, clock);

    const provision::Report report = provision::provision(settings.fleet, settings.provisioning,
                                                          settings.data, session, clock, stop);

    fmt::print("{}\n",
               settings.output.json ? provision::to_json(report) : provision::summary(report));
    return report.code;
  });
}
