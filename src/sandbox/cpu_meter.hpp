#pragma once

#include <mutex>

namespace stresskit::sandbox {

/// How busy processors were between two looks, 0..1; the first look is at construction.
///
/// Threads: every method may be called from any thread.
class CpuMeter {
 public:
  CpuMeter();

  /// The whole machine, as the platform's system information tells it.
  [[nodiscard]] double machine();
  /// This process, of the whole machine.
  [[nodiscard]] double process();

 private:
  struct Used {
    double busy = 0;
    double whole = 0;
  };
  [[nodiscard]] static Used machine_so_far();
  [[nodiscard]] static Used process_so_far();
  [[nodiscard]] double since(Used& last, const Used& now);

  std::mutex mutex_;
  // guarded by mutex_
  Used machine_;
  Used process_;
};

}  // namespace stresskit::sandbox
