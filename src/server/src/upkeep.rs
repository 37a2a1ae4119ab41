//! The records on the command line: backed up, put back, verified, whether the server runs or not.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use crate::{
    Records, Retention,
    store::{Carried, PutBack, Store, now_us},
};

/// What to do with the records.
#[derive(Debug, clap::Subcommand)]
pub enum UpkeepCommand {
    /// Write everything, as it is at one moment, into a new file: an SQLite database
    Backup {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
        /// Write the attachments that lie in a bucket into the file as well
        #[arg(long)]
        with_attachments: bool,
        /// The file to write
        file: PathBuf,
    },
    /// Put a backup back, into an empty folder or an empty PostgreSQL database
    Restore {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
        /// The backup
        file: PathBuf,
    },
    /// Delete what is older than it may be; a server that runs does so by itself, each hour
    Expire {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
        /// How long they are kept.
        #[command(flatten)]
        retention: Retention,
        /// The time that counts, milliseconds since 1970; the clock's if there is none.
        #[arg(skip)]
        now_ms: Option<i64>,
    },
    /// Walk the hash chains over the statements and over the access log, and name the first entry that
    /// was altered, removed or inserted
    Verify {
        /// Where the records are.
        #[command(flatten)]
        records: Records,
        /// A hash that an earlier run printed: it must still be in the chain
        #[arg(long, value_name = "HASH")]
        known: Option<String>,
    },
}

/// Does what a command says, and tells `out` of it.
pub async fn keep_up(command: UpkeepCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        UpkeepCommand::Backup {
            records,
            with_attachments,
            file,
        } => {
            let store = Store::open(&records.checked()?).await?;
            let done = back_up(&store, &file, with_attachments, out).await;
            store.close().await;
            done
        }
        UpkeepCommand::Restore { records, file } => restore(&records.checked()?, &file, out).await,
        UpkeepCommand::Expire {
            records,
            retention,
            now_ms,
        } => {
            let retention = retention.checked()?;
            let store = Store::open(&records.checked()?).await?;
            let now_ms = now_ms.unwrap_or_else(|| now_us() / 1000);
            let expired = store.expire(&retention, now_ms).await;
            store.close().await;
            writeln!(out, "{}", expired?)?;
            Ok(())
        }
        UpkeepCommand::Verify { records, known } => {
            let store = Store::open(&records.checked()?).await?;
            let done = verify(&store, known.as_deref(), out).await;
            store.close().await;
            done
        }
    }
}

/// Makes a backup, and tells what is in it.
async fn back_up(
    store: &Store,
    file: &Path,
    with_attachments: bool,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let elsewhere = store.in_bucket().await?;
    if with_attachments && elsewhere > 0 && store.bucket_name().is_none() {
        bail!("{elsewhere} attachments lie in a bucket, and none is named: give --bucket");
    }
    let carried = write_copy(store, file, with_attachments).await?;
    let bytes = fs::metadata(file)?.len();
    writeln!(out, "backed up {bytes} bytes to {}", file.display())?;
    let Carried { here, lost } = carried;
    if !with_attachments && elsewhere > 0 {
        writeln!(
            out,
            "{elsewhere} attachments lie in a bucket and are not in this file: keep that as long \
             as this, or give --with-attachments"
        )?;
    }
    if here > 0 {
        writeln!(out, "{here} attachments of the bucket are in this file")?;
    }
    if lost > 0 {
        bail!(
            "{lost} attachments are in the bucket no more, or not as they were stored, and are not \
             in this backup; everything else is: see verify"
        );
    }
    Ok(())
}

/// The file has its name once all of it is on the disk.
async fn write_copy(store: &Store, file: &Path, with_attachments: bool) -> anyhow::Result<Carried> {
    if file.exists() {
        bail!("there is a file of this name already: {}", file.display());
    }
    let part = beside(file, "part");
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&part)
        .with_context(|| format!("cannot be written: {}", part.display()))?;
    let copied = match store.copy_into(&part).await {
        Ok(()) if with_attachments => store.carry_into(&part).await,
        copied => copied.map(|()| Carried::default()),
    };
    let carried = match copied {
        Ok(carried) => carried,
        Err(cause) => {
            fs::remove_file(&part)?;
            return Err(cause.into());
        }
    };
    written.sync_all()?;
    fs::rename(&part, file)?;
    sync_folder(file)?;
    Ok(carried)
}

/// What is put back is brought up to date and verified in a folder of its own; it takes its place
/// once it has been found whole.
async fn restore(records: &Records, file: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    let target = records
        .data
        .as_ref()
        .map(|data| data.join("xinghuo.sqlite"));
    if let Some(there) = target.as_ref().filter(|it| it.exists()) {
        bail!(
            "there are records already; move them away: {}",
            there.display()
        );
    }
    let workshop = beside(target.as_deref().unwrap_or(file), "restoring");
    fs::create_dir(&workshop)
        .with_context(|| format!("remove it, or let it be made: {}", workshop.display()))?;
    let done = restore_by(&workshop, records, target.as_deref(), file, out).await;
    fs::remove_dir_all(&workshop)?;
    done
}

async fn restore_by(
    workshop: &Path,
    records: &Records,
    target: Option<&Path>,
    file: &Path,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let copied = workshop.join("xinghuo.sqlite");
    fs::copy(file, &copied).with_context(|| format!("cannot be read: {}", file.display()))?;
    let copy = Records {
        bucket: records.bucket.clone(),
        ..Records::in_folder(workshop.to_owned())
    };
    let backup = Store::open(&copy).await?;
    let done = put_back(records, &backup, target.is_none(), out).await;
    backup.close().await;
    done?;
    if let Some(target) = target {
        File::open(&copied)?.sync_all()?;
        fs::rename(&copied, target)?;
        sync_folder(target)?;
    }
    writeln!(out, "restored {}", file.display())?;
    Ok(())
}

/// Puts back what was found whole: its attachments where they are to lie, and all of it into the
/// PostgreSQL of these records, if that is where it goes.
async fn put_back(
    records: &Records,
    backup: &Store,
    is_elsewhere: bool,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    verify(backup, None, out).await?;
    let PutBack { there, put, here } = backup.put_carried_back().await?;
    if let (1.., Some(name)) = (there + put, backup.bucket_name()) {
        writeln!(
            out,
            "{there} attachments of this backup were in the bucket {name}, {put} were put into it"
        )?;
    }
    if here > 0 {
        writeln!(
            out,
            "{here} attachments of this backup are in the database now; what a bucket still has of \
             them is to be deleted there"
        )?;
    }
    if is_elsewhere {
        fill(records, backup).await?;
    }
    Ok(())
}

async fn fill(records: &Records, backup: &Store) -> anyhow::Result<()> {
    let store = Store::open(records).await?;
    let done = if store.is_empty().await? {
        store.fill_from(backup).await.map_err(Into::into)
    } else {
        Err(anyhow::anyhow!(
            "there are records already; give an empty database"
        ))
    };
    store.close().await;
    done
}

async fn verify(store: &Store, known: Option<&str>, out: &mut impl Write) -> anyhow::Result<()> {
    let walked = match store.verify().await? {
        Ok(walked) => walked,
        Err(breach) => bail!("{breach}"),
    };
    if let Some(known) = known {
        let hash = bytes_of(known).context("--known takes the 64 digits that were printed")?;
        if !store.knows(&hash).await? {
            bail!("neither chain has {known} any more: entries were removed from its end");
        }
    }
    let log = match store.verify_accesses().await? {
        Ok(log) => log,
        Err(breach) => bail!("{breach}"),
    };
    if let Some(wrong) = store.verify_rest().await? {
        bail!("{wrong}");
    }
    tell_of_bucket(store, out).await?;
    let (statements, erased) = (walked.statements, walked.erased);
    writeln!(out, "{statements} statements as stored, {erased} erased")?;
    if walked.aside > 0 {
        let aside = walked.aside;
        writeln!(out, "{aside} of them are aside, since their use is limited")?;
    }
    let entries = log.entries;
    writeln!(
        out,
        "{entries} entries in the access log, which ends with {}",
        log.end
    )?;
    writeln!(out, "the chain ends with {}", walked.end)?;
    Ok(())
}

/// What was looked at of the attachments that lie in a bucket.
async fn tell_of_bucket(store: &Store, out: &mut impl Write) -> anyhow::Result<()> {
    match (store.in_bucket().await?, store.bucket_name()) {
        (0, _) => {}
        (count, Some(name)) => writeln!(out, "{count} attachments as stored in the bucket {name}")?,
        (count, None) => writeln!(
            out,
            "{count} attachments lie in a bucket and were not looked at: give --bucket to do so"
        )?,
    }
    Ok(())
}

fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    let pair = |n: usize| u8::from_str_radix(digits.get(n..n + 2)?, 16).ok();
    (0..digits.len()).step_by(2).map(pair).collect()
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(".");
    path.push(ending);
    path.into()
}

/// Makes a file's new name lasting.
fn sync_folder(file: &Path) -> anyhow::Result<()> {
    let folder = file.parent().filter(|it| !it.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}
