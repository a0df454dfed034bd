#pragma once

#include "stresskit/fleet/devices_csv.hpp"
#include "stresskit/thingsboard/client.hpp"
#include "stresskit/thingsboard/retry.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace stresskit::provision {

/// What every device of the fleet is to look like.
struct Wanted {
  std::string prefix;  ///< also the attribute `group`
  std::string label;
  std::string type;        ///< empty: decided by a profile id
  std::string profile_id;  ///< empty: decided by the type
  /// Without type and profile id in the settings: new devices are sent neither.
  bool default_profile = false;
  std::string batch;  ///< attribute of devices that have none yet: "sim-20261123"
};

/// One device to see to.
struct Job {
  std::uint32_t index = 0;
  std::string name;
  std::optional<thingsboard::Device> existing;
};

/// What became of it.
struct Outcome {
  bool created = false;
  bool updated = false;
  std::optional<thingsboard::ApiError> error;
  std::string problem;  ///< a failure that is no error of a call
  [[nodiscard]] bool ok() const { return !error && problem.empty(); }
};

/// Whether the device's profile is not the wanted one.
[[nodiscard]] bool profile_differs(const thingsboard::Device& device, const Wanted& wanted);

/// The attributes that are missing in `present` or differ. The batch is that of the day the device
/// was made, so one that is there stays.
[[nodiscard]] thingsboard::Attributes missing_attributes(const thingsboard::Attributes& present,
                                                         const Wanted& wanted, std::uint32_t index);

/// 20 letters and digits from the system's random source, as ThingsBoard makes them.
[[nodiscard]] std::string new_access_token();

/// Makes one device after the other, or takes it and brings it up to date.
///
/// Threads: one worker owns it.
class DeviceMaker {
 public:
  /// Called as soon as id and token are known, before the attributes are written: from then on the
  /// token must not be lost.
  using Known = std::function<void(const Job&, fleet::DeviceRow)>;

  DeviceMaker(thingsboard::Client& client, thingsboard::Retry& retry, const Wanted& wanted,
              Known known);

  [[nodiscard]] Outcome see_to(const Job& job);

 private:
  /// A device that was just made, or found because a lost answer hid that it was.
  struct Made {
    thingsboard::Device device;
    std::string token;   ///< the one we asked for
    bool found = false;  ///< it was there when we looked: its token may be another
  };

  Outcome create(const Job& job);
  /// `our_token`: what an attempt to create the device asked for; empty without one.
  Outcome take(const Job& job, thingsboard::Device device, const std::string& our_token);
  thingsboard::Answer<Made> make(const std::string& name);
  /// One attempt; draws another token when ours is taken.
  thingsboard::Answer<Made> post(thingsboard::NewDevice& device);
  thingsboard::Answer<thingsboard::Device> bring_up_to_date(thingsboard::Device device,
                                                            bool& updated);
  thingsboard::Answer<void> complete_attributes(const Job& job, const std::string& id,
                                                bool& updated);

  thingsboard::Client& client_;
  thingsboard::Retry& retry_;
  const Wanted& wanted_;
  const Known known_;
};

}  // namespace stresskit::provision
