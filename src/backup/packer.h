#pragma once
// Puts members into an archive, and remembers what its manifest says of them.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "backup/backup.h"
#include "backup/packed_file.h"
#include "backup/tar.h"

namespace tocsin::backup {

class Packer {
 public:
  Packer(PackedWriter& file, const Progress& progress, std::uint64_t total)
      : file_(file),
        tar_([this](std::string_view bytes) { return put(bytes); }),
        progress_(progress),
        total_(total) {}

  // `fill` writes exactly `bytes` bytes.
  Result<void> add(const std::string& name, std::uint64_t bytes, unsigned mode,
                   const std::function<Result<void>(const Sink&)>& fill) {
    TOCSIN_CHECK(tar_.begin({name, bytes, mode}));
    Sha256 hash;
    TOCSIN_CHECK(fill([&](std::string_view piece) {
      hash.add(piece);
      return tar_.write(piece);
    }));
    TOCSIN_CHECK(tar_.end());
    members_.push_back({name, bytes, mode, to_hex(hash.finish())});
    return {};
  }
  Result<void> add(const std::string& name, std::string_view bytes) {
    return add(name, bytes.size(), 0600, [&](const Sink& sink) { return sink(bytes); });
  }
  Result<void> finish() { return tar_.finish(); }
  std::vector<Member> members() const { return members_; }

 private:
  static constexpr std::uint64_t kTellEvery = std::uint64_t{16} << 20;

  Result<void> put(std::string_view bytes) {
    done_ += bytes.size();
    if (progress_ && done_ >= told_ + kTellEvery) progress_("packing", told_ = done_, total_);
    return file_.write(bytes);
  }

  PackedWriter& file_;
  TarWriter tar_;
  const Progress& progress_;
  const std::uint64_t total_;
  std::uint64_t done_ = 0;
  std::uint64_t told_ = 0;
  std::vector<Member> members_;
};

}  // namespace tocsin::backup
