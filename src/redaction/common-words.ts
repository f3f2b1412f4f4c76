/** Words that say nothing by themselves: as somebody's password they go beside its name, and stay everywhere else. */
const words = `
true false none null default main master latest stable edge secret secrets token tokens password passwords passwd
changeme changeit example sample dummy placeholder insecure public private invalid expired missing incorrect correct
required optional unknown undefined unset empty enabled disabled enable disable production development staging testing
test tests debug release build builds builder image images docker podman buildkit buildkitd buildctl buildx container
containerd registry repository cache cached layer layers stage stages target context platform linux windows darwin macos
amd64 arm64 armv7 aarch64 x86_64 alpine debian ubuntu fedora centos busybox scratch slim bookworm bullseye trixie jammy
noble postgres postgresql mysql mariadb mongo mongodb redis rabbitmq elasticsearch kafka nginx apache node nodejs python
ruby golang rust java maven gradle admin administrator root user users username guest anonymous nobody runner server
client service localhost local remote internal external network hostname error errors failed failure success succeeded
warning fatal panic exception timeout unauthorized forbidden denied refused authentication authorization authenticated
unauthenticated authorize authorized login logout session cookie bearer basic digest oauth access refresh signature
string number boolean object array value values name names file files path paths line lines code status state message
unexpected expected invalid_token not_found notfound created updated deleted started stopped finished running waiting
pending skipped resolve resolved resolving exporting importing extracting transferring loading loaded download
downloading downloaded install installed installing upload uploading uploaded uploads fetch fetched fetching command
process shell script source version versions update upgrade package packages module modules library
always never auto manual plain rawjson inline registry github gitlab bitbucket google amazon azure microsoft
sha256 sha512 utf-8 utf8 base64 hello world hunter foobar please provided found given exist exists
`;

const common: ReadonlySet<string> = new Set(words.split(/\s+/).filter((word) => word !== ''));

/** Whether a value is a word of everyday, in any case. */
export function isCommonWord(value: string): boolean {
  return common.has(value.toLowerCase());
}
