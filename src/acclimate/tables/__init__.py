"""What flows: immutable Arrow tables. Column names are written here and nowhere else."""

from acclimate.tables.candidates import Candidates as Candidates
from acclimate.tables.corpus import Corpus as Corpus
from acclimate.tables.drafts import Drafts as Drafts
from acclimate.tables.folding import fold as fold
from acclimate.tables.folding import fold_ranking as fold_ranking
from acclimate.tables.gpl_files import GplFiles as GplFiles
from acclimate.tables.gpl_files import read_gpl as read_gpl
from acclimate.tables.gpl_files import write_gpl as write_gpl
from acclimate.tables.intake import Intake as Intake
from acclimate.tables.labels import Labels as Labels
from acclimate.tables.log_file import LogFile as LogFile
from acclimate.tables.qrels import Qrels as Qrels
from acclimate.tables.queries import Queries as Queries
from acclimate.tables.queries import Split as Split
from acclimate.tables.scores import Scores as Scores
from acclimate.tables.table import Table as Table
from acclimate.tables.training_set import to_dataset as to_dataset
