#include "tests/support/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace support {

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

void extend(X509* certificate, int id, const std::string& value)
{
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str());
    if (extension == nullptr) {
        std::perror("certificates: bad extension");
        std::abort();
    }
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

void name(X509_NAME* target, const char* text)
{
    X509_NAME_add_entry_by_txt(target, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(text), -1,
                               -1, 0);
}

Certificate blank(EVP_PKEY* key, long serial, const CertificateWish& wish)
{
    Certificate made(X509_new(), X509_free);
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), wish.from.count());
    X509_gmtime_adj(X509_getm_notAfter(made.get()), wish.until.count());
    X509_set_pubkey(made.get(), key);
    return made;
}

template <class Write>
void writePem(const std::filesystem::path& path, Write write)
{
    FILE* file = std::fopen(path.c_str(), "w");
    if (file == nullptr || write(file) != 1) {
        std::perror("certificates: cannot write");
        std::abort();
    }
    std::fclose(file);
}

} // namespace

struct Authority::Inner {
    Inner()
        : key(EVP_EC_gen("P-256"), EVP_PKEY_free)
        , certificate(blank(key.get(), 1, {}))
    {
        std::string pattern = "/tmp/poolscope-ca-XXXXXX";
        folder = mkdtemp(pattern.data());
        // A name of its own: two authorities of one name would be taken for each other.
        const std::string own = "Poolscope's test authority " + folder.filename().string();
        name(X509_get_subject_name(certificate.get()), own.c_str());
        X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
        extend(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
        extend(certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
        X509_sign(certificate.get(), key.get(), EVP_sha256());
        writePem(folder / "ca.pem", [&](FILE* file) { return PEM_write_X509(file, certificate.get()); });
    }
    ~Inner() { std::filesystem::remove_all(folder); }
    Inner(const Inner&) = delete;
    Inner& operator=(const Inner&) = delete;

    std::filesystem::path folder;
    Key key;
    Certificate certificate;
    long issued = 1;
};

Authority::Authority()
    : m_inner(std::make_unique<Inner>())
{
}

Authority::~Authority() = default;

std::filesystem::path Authority::file() const
{
    return m_inner->folder / "ca.pem";
}

CertificateFiles Authority::issue(const CertificateWish& wish)
{
    const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const Certificate made = blank(key.get(), ++m_inner->issued, wish);
    name(X509_get_subject_name(made.get()), "poolscope test");
    X509_set_issuer_name(made.get(), X509_get_subject_name(m_inner->certificate.get()));
    extend(made.get(), NID_subject_alt_name, wish.names);
    X509_sign(made.get(), m_inner->key.get(), EVP_sha256());
    const std::string stem = std::to_string(m_inner->issued);
    CertificateFiles files{m_inner->folder / (stem + ".pem"), m_inner->folder / (stem + ".key")};
    writePem(files.certificate, [&](FILE* file) { return PEM_write_X509(file, made.get()); });
    writePem(files.key, [&](FILE* file) {
        return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    return files;
}

} // namespace support
