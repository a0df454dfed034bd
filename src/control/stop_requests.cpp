#include "stresskit/control/stop_requests.hpp"

#include "stresskit/control/stop_flag.hpp"
#include "stresskit/support/clock.hpp"

#include <utility>

namespace stresskit::control {

namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 200ms;

}  // namespace

StopRequests::StopRequests(const config::Data& data, const std::stop_token& signal)
    : on_signal_(signal, [this] { asked_.request_stop(); }),
      flag_([this, data](std::stop_token over) {
        support::Clock& clock = support::real_clock();
        while (clock.wait_until(clock.now() + look_every, over)) {
          if (stop_flag_raised(data)) {
            asked_.request_stop();
          }
        }
      }) {}

}  // namespace stresskit::control
