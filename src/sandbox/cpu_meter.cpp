#include "sandbox/cpu_meter.hpp"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <string>
#include <thread>
#include <utility>

namespace stresskit::sandbox {
namespace {

double seconds_of(clockid_t clock) {
  timespec at{};
  clock_gettime(clock, &at);
  return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) / 1e9;
}

}  // namespace

CpuMeter::CpuMeter() : machine_(machine_so_far()), process_(process_so_far()) {}

double CpuMeter::machine() {
  return since(machine_, machine_so_far());
}

double CpuMeter::process() {
  return since(process_, process_so_far());
}

double CpuMeter::since(Used& last, const Used& now) {
  const std::scoped_lock lock(mutex_);
  const Used before = std::exchange(last, now);
  const double whole = now.whole - before.whole;
  return whole > 0 ? std::clamp((now.busy - before.busy) / whole, 0.0, 1.0) : 0;
}

/// proc(5): the first line of /proc/stat, in ticks: user nice system idle iowait irq softirq steal.
CpuMeter::Used CpuMeter::machine_so_far() {
  std::ifstream stat("/proc/stat");
  std::string label;
  stat >> label;
  Used used;
  double ticks = 0;
  for (int i = 0; i < 8 && stat >> ticks; ++i) {
    used.whole += ticks;
    used.busy += i == 3 || i == 4 ? 0 : ticks;
  }
  return used;
}

CpuMeter::Used CpuMeter::process_so_far() {
  const double cores = std::max(1U, std::thread::hardware_concurrency());
  return {seconds_of(CLOCK_PROCESS_CPUTIME_ID), seconds_of(CLOCK_MONOTONIC) * cores};
}

}  // namespace stresskit::sandbox
