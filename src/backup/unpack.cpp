#include "backup/unpack.h"

#include <set>

namespace tocsin::backup {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr std::uint64_t kTellEvery = std::uint64_t{16} << 20;
constexpr std::uint64_t kLargestManifest = std::uint64_t{256} << 20;

Error damaged(std::string what, std::string where = {}) {
  return error(ErrorKind::kInvalidSyntax, "read the backup", std::move(what), "Take another backup",
               std::move(where));
}

Result<Member> unpack_member(TarReader& tar, const TarEntry& entry, const Unpacker& to) {
  TOCSIN_CHECK(to.opened(entry));
  Sha256 hash;
  std::string piece(kPiece, '\0');
  for (;;) {
    TOCSIN_TRY(got, tar.read(piece.data(), piece.size()));
    if (got == 0) break;
    hash.add({piece.data(), got});
    TOCSIN_CHECK(to.take({piece.data(), got}));
  }
  TOCSIN_CHECK(to.closed());
  return Member{entry.name, entry.bytes, entry.mode, to_hex(hash.finish())};
}

Result<Manifest> read_manifest(TarReader& tar, std::uint64_t size) {
  if (size > kLargestManifest) return damaged("its manifest is too large");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  for (std::size_t at = 0; at < bytes.size();) {
    TOCSIN_TRY(got, tar.read(bytes.data() + at, bytes.size() - at));
    at += got;
  }
  TarEntry behind;
  TOCSIN_TRY(more, tar.next(behind));
  if (more) return damaged("there is something behind its manifest");
  return manifest_from(bytes);
}

Result<void> compare(const std::vector<Member>& found, const Manifest& manifest) {
  if (found.size() != manifest.members.size()) return damaged("its manifest names other members than it has");
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto& said = manifest.members[i];
    if (said.name != found[i].name || said.bytes != found[i].bytes || said.mode != found[i].mode ||
        said.sha256 != found[i].sha256)
      return damaged("a member is not what the manifest says", found[i].name);
  }
  return {};
}

// Reads the file and says how far it is.
Source told_source(PackedReader& file, const Progress& progress) {
  return [&file, &progress, done = std::uint64_t{0}, told = std::uint64_t{0}](
             char* to, std::size_t size) mutable -> Result<std::size_t> {
    TOCSIN_TRY(got, file.read(to, size));
    done += got;
    if (progress && done >= told + kTellEvery) progress("unpacking", told = done, file.unpacked_bytes());
    return got;
  };
}

}  // namespace

Result<Manifest> unpack(PackedReader& file, const Unpacker& to, const Progress& progress) {
  TarReader tar(told_source(file, progress));
  std::vector<Member> found;
  std::set<std::string> names;
  for (TarEntry entry;;) {
    TOCSIN_TRY(more, tar.next(entry));
    if (!more) return damaged("it has no manifest");
    if (!names.insert(entry.name).second) return damaged("a member is there twice", entry.name);
    if (entry.name == kManifestName) {
      TOCSIN_TRY(manifest, read_manifest(tar, entry.bytes));
      TOCSIN_CHECK(compare(found, manifest));
      return manifest;
    }
    TOCSIN_TRY(member, unpack_member(tar, entry, to));
    found.push_back(std::move(member));
  }
}

Result<Manifest> check_backup(const std::string& file, const Progress& progress) {
  TOCSIN_TRY(packed, PackedReader::open(file));
  const auto nothing = [] { return Result<void>(); };
  return unpack(
      *packed,
      {[&](const TarEntry&) { return nothing(); }, [&](std::string_view) { return nothing(); }, nothing},
      progress);
}

}  // namespace tocsin::backup
