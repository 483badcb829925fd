#include "monitor/pg/server_account.h"

#include "monitor/pg/server_texts.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace pg {
namespace {

constexpr std::size_t kPasswdBuffer = 16384;

template <class Lookup>
std::optional<ServerAccount> lookUp(Lookup lookup)
{
    std::vector<char> buffer(kPasswdBuffer);
    passwd entry{};
    passwd* found = nullptr;
    if (lookup(&entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
        return std::nullopt;
    }
    return ServerAccount{{entry.pw_uid, entry.pw_gid}, entry.pw_name, false};
}

std::optional<ServerAccount> byName(const char* name)
{
    return lookUp([name](passwd* entry, char* buffer, std::size_t size, passwd** found) {
        return ::getpwnam_r(name, entry, buffer, size, found);
    });
}

std::optional<ServerAccount> byId(uid_t uid)
{
    return lookUp([uid](passwd* entry, char* buffer, std::size_t size, passwd** found) {
        return ::getpwuid_r(uid, entry, buffer, size, found);
    });
}

bool mayEnter(const struct stat& folder, const RunAs& ids)
{
    if (folder.st_uid == ids.uid) {
        return (folder.st_mode & S_IXUSR) != 0;
    }
    if (folder.st_gid == ids.gid) {
        return (folder.st_mode & S_IXGRP) != 0;
    }
    return (folder.st_mode & S_IXOTH) != 0;
}

} // namespace

core::Result<ServerAccount> serverAccount(uid_t effective, core::Lang lang)
{
    if (effective != 0) {
        if (std::optional<ServerAccount> own = byId(effective)) {
            return *std::move(own);
        }
        return core::fail(say(lang, kNoUserName, effective), "no_user_name");
    }
    for (const char* name : {"postgres", "nobody"}) {
        std::optional<ServerAccount> other = byName(name);
        if (other && other->ids.uid != 0) {
            other->dropped = true;
            return *std::move(other);
        }
    }
    return core::fail(say(lang, kNoAccountForRoot), "no_account");
}

bool canReach(const std::filesystem::path& folder, const ServerAccount& account)
{
    std::error_code error;
    for (std::filesystem::path at = std::filesystem::canonical(folder, error); !error; at = at.parent_path()) {
        struct stat info {};
        if (::stat(at.c_str(), &info) != 0 || !mayEnter(info, account.ids)) {
            return false;
        }
        if (at == at.root_path()) {
            return true;
        }
    }
    return false;
}

} // namespace pg
