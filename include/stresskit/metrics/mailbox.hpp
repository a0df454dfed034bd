#pragma once

#include "stresskit/metrics/figures.hpp"

#include <atomic>

namespace stresskit::metrics {

/// How figures get from a worker to the collector without a lock: the collector asks, the worker
/// copies when it is quiet, the collector takes. Whose turn it is, is one atomic.
///
/// Threads: `ask` and `take` belong to the collector's, `asked` and `deliver` to the worker's.
class Mailbox {
 public:
  /// Asks for figures unless a request is open already.
  void ask() {
    auto expected = Turn::idle;
    turn_.compare_exchange_strong(expected, Turn::asked, std::memory_order_acq_rel);
  }

  /// Whether the collector waits for figures: cheap enough for every turn of a loop.
  [[nodiscard]] bool asked() const {
    // acquire: the collector's last use of the figures happened before we write into them again.
    return turn_.load(std::memory_order_acquire) == Turn::asked;
  }

  /// Lets `fill(WorkerFigures&)` write the figures and hands them over. REQUIRES: asked().
  template <class Fill>
  void deliver(Fill&& fill) {
    fill(figures_);
    // release: the collector that sees `delivered` sees the figures too.
    turn_.store(Turn::delivered, std::memory_order_release);
  }

  /// Lets `read(WorkerFigures&)` take what was delivered; returns whether anything was.
  template <class Read>
  bool take(Read&& read) {
    // acquire: pairs with the release in deliver.
    if (turn_.load(std::memory_order_acquire) != Turn::delivered) {
      return false;
    }
    read(figures_);
    turn_.store(Turn::idle, std::memory_order_release);
    return true;
  }

 private:
  enum class Turn { idle, asked, delivered };

  std::atomic<Turn> turn_{Turn::idle};
  WorkerFigures figures_;
};

}  // namespace stresskit::metrics
