# What script/try_guide does in place of the person who reads the guide: all that the pages leave to them, and nothing else.
# Sourced inside the bare system, before the blocks of a stage.
here=/root/guide
REPOSITORY=$here/tuntas.git
TAG=v99.0.0
DOMAIN=lapor.example.go.id
ADDRESS_OF_AN_ADMINISTRATOR=admin@example.go.id
FOLDER=/var/backups/tuntas-apart/kupang
city=kupang  # in a new shell, as the guide says
[ ! -d /opt/tuntas ] || cd /opt/tuntas
manage() { script/manage "$city" "$@"; }

# How the stage goes: a line a block to descriptor 3, all else to the log.
began=0 block=
begin_block() { block="$1: $2" began=$(date +%s); printf '\n#### %s\n' "$block"; }
end_block() { printf '%s\t%s s\n' "${block:0:110}" $(($(date +%s) - began)) >&3; }
done_so() { [ "$1" = 0 ] || { printf '%s\tfailed with %s: %s\n' "${block:0:110}" "$1" "$2" >&3; exit 1; }; }

set_to() { sed -i "s|^$2=.*|$2=$3|" "/etc/tuntas/$1.env"; }
new_key() { python3 -c 'import secrets; print(secrets.token_urlsafe(48))'; }
new_seed() { python3 -c 'import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())'; }

# The city's mail server.
mail_server() { systemd-run --quiet --unit mail-server python3 "$here/takes_mail.py" "$here/mails"; }

# Step 3.
fill_in_the_environment() {
  local name
  mail_server
  set_to "$city" EMAIL_URL smtp://127.0.0.1:2525
  set_to "$city" LEDGER_MAIL_TO ombudsman@example.org
  for name in SECRET_KEY RECEIPT_PEPPER IDENTITY_KEY BACKUP_PASSPHRASE; do set_to "$city" "$name" "$(new_key)"; done
  set_to "$city" LEDGER_KEY "$(new_seed)"
}

# Step 4: createsuperuser asks for address, name and a password twice, at a terminal.
with_answers() {
  local word
  word=$(new_key)
  # shellcheck disable=SC2016 - $0 and $@ are of the other shell
  declare -f manage >"$here/manage.sh"
  python3 "$here/at_a_terminal.py" "$ADDRESS_OF_AN_ADMINISTRATOR" Administrator "$word" "$word" -- \
    bash -c 'city=$0; . /root/guide/manage.sh; "$@"' "$city" "$@"
}

# Step 4: "and add users", here by a file, since nobody clicks.
add_people() {
  local file=/var/lib/tuntas/$city/people.csv
  cat >"$file" <<END
name,email,role,agency,level
Verifier,verifier@example.org,verifier,,
Secretary,secretary@example.org,supervisor,,inspectorate
Ombudsman,ombudsman@example.org,supervisor,,ombudsman
END
  chown "tuntas-$city" "$file"
  manage import_people "$file" && rm "$file"
  # In place of the links in their invitations.
  manage shell -v 0 -c "import secrets; from accounts.models import User
for user in User.objects.filter(email__endswith='@example.org'): user.set_password(secrets.token_urlsafe()); user.save()"
}

# Step 5: "or your own".
get_a_certificate() {
  local folder=/etc/letsencrypt/live/$DOMAIN
  mkdir -p "$folder"
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$DOMAIN" -addext "subjectAltName=DNS:$DOMAIN" \
    -keyout "$folder/privkey.pem" -out "$folder/fullchain.pem" 2>/dev/null
}

answer_the_five_questions() {
  export DOMAIN EMAIL_URL=smtp://127.0.0.1:2525 MAIL_FROM=lapor@example.go.id HEADS_TO=ombudsman@example.org
  export ADMINISTRATOR=$ADDRESS_OF_AN_ADMINISTRATOR
}

# A night that fails: somebody moves a due date by hand, and back.
change_a_due_date() {  # + or -
  runuser -u postgres -- psql -qd "tuntas-$city" -c "UPDATE complaints_complaint SET due_at = due_at $1 interval '1 day'"
}

# What script/install leaves to do by hand.
do_what_install_left() {
  mail_server
  add_people
  get_a_certificate
  ln -s "/etc/nginx/sites-available/tuntas-$city" /etc/nginx/sites-enabled/ && nginx -t && systemctl reload nginx
}

# Importing: an office's list of one row, where root keeps it.
bring_a_file() {
  FILE=$here/old.csv MAP=fixtures/mappings/samarinda_lapor.toml
  cat >"$FILE" <<END
Tracking ID,Tanggal Laporan Masuk,Waktu Laporan Masuk,Judul Laporan,Isi Laporan Awal,Kategori,Instansi Terdisposisi,Kelurahan,Kecamatan,Kota/Kabupaten,Klasifikasi Laporan,Status Laporan,Tipe Laporan (Anonim/Rahasia),Alasan Tunda/Arsip
100001,02 Jan 2024,10:00:00,Lampu jalan,Lampu jalan padam di depan sekolah.,Lampu,Dinas Perhubungan,A,B,C,Pengaduan Tidak Berkadar Pengawasan,Ditutup oleh Pelapor,,
END
}

# Restoring: the machine is lost. What is left are the two folders of copies and the settings without their keys.
lose_everything() {
  local name
  systemctl stop "tuntas-worker@$city" "tuntas-web@$city"
  runuser -u postgres -- dropdb "tuntas-$city"
  runuser -u postgres -- createdb --owner "tuntas-$city" --encoding UTF8 --template template0 "tuntas-$city"
  rm -rf "/var/lib/tuntas/$city"
  install -d -m 0700 -o "tuntas-$city" -g "tuntas-$city" "/var/lib/tuntas/$city"
  for name in SECRET_KEY RECEIPT_PEPPER IDENTITY_KEY LEDGER_KEY; do set_to "$city" "$name" ""; done
  COPY=$(find "/var/backups/tuntas/$city" -mindepth 1 -maxdepth 1 -name 'tuntas-*' | sort | tail -n 1)
}
start_again() {
  manage collectstatic --noinput
  systemctl start "tuntas-web@$city" "tuntas-worker@$city"
}

# Upgrade: somebody publishes a release, with a change of the tables, signed by a key that this host is told of.
publish_a_release() {
  local work=$here/publisher last
  ssh-keygen -q -t ed25519 -N '' -f "$here/key"
  git clone -q "$REPOSITORY" "$work"
  last=$(basename -s .py "$(find "$work/complaints/migrations" -name '0*.py' | sort | tail -n 1)")
  cat >"$work/complaints/migrations/9999_a_release.py" <<END
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("complaints", "$last")]
    operations = [migrations.RunSQL("CREATE TABLE a_release (id integer)", "DROP TABLE a_release")]
END
  git -C "$work" add -A
  local by=(-c user.name=Publisher -c user.email=publisher@example.org -c gpg.format=ssh -c "user.signingkey=$here/key")
  git -C "$work" "${by[@]}" commit -qm "A release"
  git -C "$work" "${by[@]}" tag -s -m "A release" "$TAG"
  git -C "$work" push -q origin "$TAG"
  echo "publisher@example.org $(cat "$here/key.pub")" >/etc/tuntas/signers
  git config gpg.ssh.allowedSignersFile /etc/tuntas/signers
}

# The way back: what --back prints is done, line by line. A head has been signed since the copy, so it is an older one.
go_back() {
  manage checkpoint_ledger
  script/upgrade --back | tee "$here/back.txt"
  sed -n 's/^    //p' "$here/back.txt" >"$here/back.sh"
  bash -x "$here/back.sh"
}
